"""Invented words of the demo: names, employers, lessons, places. Everything here is made up; nobody is meant."""

from __future__ import annotations

from dataclasses import dataclass

INVENTED = "演示数据（虚构，非真实人员）"

# A surname stands here as often as it should be drawn.
SURNAMES = (
    *"王王王王王王王李李李李李李李张张张张张张刘刘刘刘刘陈陈陈陈杨杨杨黄黄黄赵赵吴吴周周徐徐孙孙马马朱朱胡胡郭何林高罗郑梁谢宋唐"
    "许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶"
    "贺毛段郝顾龚邵覃武钱戴严莫孔向常汤康易乔赖文缪仇鲍",
    "欧阳",
    "司马",
    "上官",
    "诸葛",
)
GIVEN_MALE = tuple("伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆旭宁龙林洋峰建国志海东文博家兴永振宏德荣喆堃䶮")
GIVEN_FEMALE = tuple("芳娜敏静丽艳娟霞秀燕玲桂兰英梅红玉萍洁婷雪慧莹倩琳晶欣颖佳怡梦瑶月春云凤琴素珍莉丹蕾薇璐玥祎")

STEPPE_MALE = ("艾力", "买买提江", "玉素甫", "阿卜杜拉", "吐尔洪", "多吉")
STEPPE_FEMALE = ("阿依古丽", "古丽米热", "热依汗", "帕提古丽", "祖丽胡玛尔", "卓玛")
STEPPE_LAST = ("买买提", "艾合买提", "吐尔逊", "阿不力孜", "热合曼", "依明", "次仁", "尼亚孜")
FOREIGN_MALE = ("金正浩", "山本健一", "安德烈·伊万诺夫", "NGUYEN VAN AN", "托马斯·贝克尔", "朴成焕")
FOREIGN_FEMALE = ("李秀珍", "佐藤美纪", "安娜·伊万诺娃", "TRAN THI MAI", "克拉拉·贝克尔", "朴智恩")

AREAS = (
    "320321", "320382", "320684", "320722", "320826", "320921", "321023", "321283", "321322", "340321", "340421",
    "340826", "341126", "341221", "341222", "341226", "341324", "341522", "341623", "360121", "360732", "361121",
    "370829", "371327", "371724", "410223", "410482", "410728", "411024", "411221", "411323", "411424", "411523",
    "411628", "411727", "420222", "420527", "421023", "421127", "422825", "430225", "430524", "431024", "433122",
    "440825", "450123", "451024", "500233", "510521", "510823", "511324", "511525", "511922", "513425", "520123",
    "520324", "522425", "522633", "530128", "530325", "530622", "532524", "610321", "610728", "610924", "620123",
    "620523", "620821", "622924", "640121", "650105", "652922", "653121", "210123", "220122", "230127", "130425",
    "130529", "140221", "141027",
)  # fmt: skip
ISLANDS = ("810000", "820000", "830000")
FOREIGN = ("932410", "932392", "932704", "932276", "932643", "931410", "933704")

FIRM_LEFT = tuple("华东新瑞恒金永宏德信安泰盛鼎凯达科正大康嘉联众翔锐卓越明远博创智汇旭鸿润")
FIRM_RIGHT = tuple("达兴源丰隆昌盈祥和顺利通拓元鑫辰捷晟宇腾邦业成扬迈威诺思川凌峰驰")
FIRM_TRADE = (
    "精密机械", "汽车零部件", "电子科技", "新材料", "模具制造", "纺织",
    "自动化设备", "医疗器械", "包装制品", "金属制品", "化工装备", "物流设备",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """What differs between two cities. `nets` are first addresses of public blocks: office, dormitory, home."""

    prefix: str
    platform: str
    topics: tuple[tuple[str, str], ...]  # topic of the notice, name of the course
    claims: tuple[int, int] | None  # first and last day of claiming, yyyymmdd
    phone_required: bool
    nets: tuple[str, str, str]
    districts: tuple[str, ...]
    subsidy: str


TAICANG = Place(
    prefix="tc",
    platform="演示职培在线平台",
    topics=(
        ("岗位技能", "机械制造岗位技能"),
        ("安全生产", "安全生产基础"),
        ("职业道德", "职业道德与职业素养"),
        ("防疫知识", "新冠肺炎疫情防控知识"),
        ("岗位技能", "质量检验岗位技能"),
    ),
    claims=(20210401, 20210531),
    phone_required=True,
    nets=("58.211.0.0", "221.224.0.0", "121.224.0.0"),
    districts=("高新区", "浏河镇", "沙溪镇", "双凤镇"),
    subsidy="“留苏优技”项目制培训补贴",
)
WUXI = Place(
    prefix="wx",
    platform="演示云课堂平台",
    topics=(
        ("岗位技能", "设备操作岗位技能"),
        ("健康防疫", "健康防疫知识"),
        ("工匠精神", "工匠精神"),
        ("质量意识", "质量意识与现场管理"),
        ("安全生产", "安全生产基础"),
        ("工伤预防", "工伤预防"),
    ),
    claims=(20230401, 20230430),
    phone_required=False,
    nets=("58.214.0.0", "221.228.0.0", "180.96.0.0"),
    districts=("新吴区", "滨湖区", "锡山区", "惠山区"),
    subsidy="“稳岗留工”线上培训补贴",
)
PLACES = {"taicang-2021": TAICANG, "wuxi-2023": WUXI}


def place(policy_id: str) -> Place:
    """The place of a policy; a notice of another city is set in the first one, claims following its period."""
    known = PLACES.get(policy_id)
    if known:
        return known
    return Place("xy", TAICANG.platform, TAICANG.topics, None, False, TAICANG.nets, TAICANG.districts, TAICANG.subsidy)
