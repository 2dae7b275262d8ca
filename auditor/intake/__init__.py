"""Any export file → typed batches that keep their file, sheet and row."""
