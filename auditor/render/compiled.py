"""Compiled templates, kept as Python keeps its compiled modules: beside the source, where one may and wants to."""

import sys
from contextlib import suppress
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class Compiled(FileSystemBytecodeCache):
    """The cache of the templates in a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder / "__pycache__"))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                Path(self.directory).mkdir(exist_ok=True)
                super().dump_bytecode(bucket)
