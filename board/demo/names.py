"""Who works at the demo centre."""

CENTRE = "星海客户服务中心"
DEPARTMENT = "客户服务部"
ROOM = "一号机房"
TEAMS = ("甲班", "乙班", "丙班", "丁班")
# Groups whose robots the centre could write to: name, kind, webhook address, signing secret, topics.
WECOM, DINGTALK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "https://oapi.dingtalk.com/robot/send"
GROUPS = (
    ("班长群", "wecom", f"{WECOM}?key=example", "", ("requests", "handover")),
    ("值班主任群", "dingtalk", f"{DINGTALK}?access_token=example", "SEC-example", ("requests", "safety")),
)

OFFICES = {
    # employee number: (name, role)
    "9001": ("沈国栋", "centre_director"),
    "8001": ("周敏华", "director"),
    "7001": ("郑卫东", "security"),
    "6001": ("何静", "inspector"),
    "5001": ("罗佳", "administrator"),
}

LEADERS = ("王海燕", "李建军", "陈丽萍", "刘志强")

AGENTS = (
    ["李娜", "张伟", "刘芳", "赵磊", "孙婷", "周杰", "吴敏", "郑爽", "冯涛", "蒋雪", "韩冰", "杨帆"],
    ["黄蓉", "徐刚", "朱琳", "马超", "胡蝶", "林峰", "郭晶", "何亮", "高洁", "罗勇", "梁静", "宋佳"],
    ["唐薇", "许诺", "邓超", "冯媛", "曹阳", "彭丽", "曾毅", "萧红", "田野", "董洁", "潘越", "袁媛"],
    ["蔡明", "余音", "杜鹃", "叶青", "程诚", "魏然", "苏航", "吕洁", "丁宁", "任重", "姚瑶", "卢俊"],
)

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂兰英华玉萍红玲芬燕彬凤洁梅琳素云莲真环雪荣爱妹香月莺媛"


def invented(number):
    """A name for somebody beyond the forty-eight: for a centre made larger."""
    first, rest = divmod(number, len(GIVEN))
    surname = SURNAMES[(number * 7 + rest) % len(SURNAMES)]
    return f"{surname}{GIVEN[rest]}{GIVEN[first % len(GIVEN)] if first % 3 else ''}"
