"""The words by which notices attribute: labels, verbs of role, what ends a list."""

from __future__ import annotations

import re

from huiqi.documents.agencies.model import Role

_UNIT = r"(?:单位|部门|科室|机构|主体|处室|股室)"
LABEL = re.compile(
    rf"(?:(?P<lead>(?:总?牵头|主办|主责|第一责任|首要责任|牵头责任){_UNIT}|牵头(?=[:：]))"
    rf"|(?P<with>(?:配合|协办|协同|协作|协助|参与|参加|参与配合|协同配合|配合责任|指导|督促|督办|支持){_UNIT}|配合(?=[:：]))"
    rf"|(?P<implement>(?:落实|实施|组织实施|执行|具体落实){_UNIT})"
    rf"|(?P<responsible>(?:具体|主要|直接)?(?:责任|负责|承办|主管|承担|承接){_UNIT}|任务分工|工作分工|责任分工|职责分工|分工(?=[:：]))"
    r"|(?P<none>适用范围|适用对象|完成时限|完成时间|办理时限|工作时限|时间节点|时间要求|时限要求|时限|进度安排|实施时间|执行期限"
    r"|实施期限|有效期限?|责任人|责任领导|分管领导|牵头领导|联系人|联系电话|咨询电话|政策依据|文件依据|备注|考核单位|工作目标))"
    rf"(?:和(?:责任|配合){_UNIT})?(?:[(\[【][^()\[\]【】]{{0,20}}[)\]】])?"
)
ENGLISH_LABEL = re.compile(
    r"(?:(?P<lead>lead(?:ing)? (?:unit|department|agency)s?)|(?P<with>(?:cooperating|supporting) (?:unit|department)s?)"
    r"|(?P<responsible>responsible (?:unit|department|agency|agencie)s?)|(?P<none>deadline|completion time|time limit))",
    re.IGNORECASE,
)
_END = r"(?=$|、)"
VERB = re.compile(
    r"(?P<duty>(?:均|分别|共同|并)?(?:按照?|根据|依据|依照?)(?:各自|本部门)?的?(?:职责|职能|职权|分工|责任|任务|工作)[^,;。、按]{0,12}?"
    r"(?:(?P<duty_implement>(?:抓好|具体|组织|贯彻|推进)*(?:落实|实施|执行)|抓好)|(?P<duty_with>配合|协助)|负责|做好|推进|办理|开展|$))"
    r"|(?P<joint>(?:负责)?(?:会同|会商|商请|商有关)(?=.))"
    r"|(?P<lead>(?:分别|共同|联合|总|负责|为|作为)*牵头(?:单位|部门)?(?:(?:负责|抓总|抓好|组织|统筹|协调|会同(?=$))*"
    r"(?:落实|抓落实|实施|推进|办理|负责|制定)?)|(?:负责)?统筹(?:协调|推进|负责|指导|落实|安排)*)"
    r"|(?P<implement>(?:负责|具体负责|共同负责)(?:抓好|具体|组织|贯彻)*(?:落实|实施|执行)|抓好?(?:贯彻|组织|工作)?落实|(?:具体|组织|贯彻)+(?:落实|实施)"
    rf"|落实{_END}|实施{_END}|执行{_END}|推进{_END})"
    rf"|(?P<responsible>(?:分别|共同|具体|各自|主要|直接|联合|均)*负责(?!人|同志|制)|负总责|为责任单位|承担{_END}|(?:主办|承办|办理){_END})"
    rf"|(?P<with>(?:密切|协同|积极|共同|做好|为|参与|协助|支持)*配合(?:单位|部门)?(?:落实|实施|做好|推进|工作)*|协助{_END}|协同{_END}|参与{_END}|参加{_END}|协办{_END}"
    rf"|支持{_END}|指导{_END}|督促{_END})"
)
OTHERS = re.compile(
    r"等(?P<rest>(?:\d+|[一二三四五六七八九十]+)?(?:个|家)?(?:省|州|市|县|区)?(?:级|直)?(?:各|有关|相关|成员|责任|职能|行业|主管|参与|业务)*"
    r"(?:部门|单位|机构|委办局|企业|职能部门)?(?:和单位|和部门|和机构)?)(?=$|及|和|以及|、)"
)
JOINTS = re.compile("以及|及其|及|和|与|同|暨|或")
ASIDE = re.compile(
    r"\d+\s*[年月日]|[年月季]底|长期|持续|常态|立即|即时|全年|时限|适时|下同|不再.{0,4}列|分工|定期|每[年月季周日]|按月|按季|上半年|下半年|季度"
    r"|^(?:以下|以上|上述|下列|本|各项|所有|全部|其他|其余|其中)(?!各)"
)
OFFICE_END = re.compile(
    r"(?:厅|局|委|办|部|院|会|署|社|队|所|站|处|室|组|团|校|司|馆|银行|支行|分行|总行|段|中心|公司|企业|部门|单位|机构|政府|关|集团|银行|大学|学院|医院|街道|乡|镇|县|市|区|州"
    r"|基地|园区|专班|商会|协会|联盟|台|网|法庭|电力|移动|电信|联通|油|公积金)(?:\([^()]*\))?$"
)
FIRST_LEADS = re.compile(
    r"(?:第一|首位|首个|首家|最前|列首|排首|居首)[^,;。\n]{0,16}?(?:为|是|系)[^,;。\n]{0,8}?牵头(?:单位|部门|责任)?"
)
GENERAL = re.compile(
    r"(?:以下|以上|上述|下列|下述|前述|各项|所有|全部|其他|其余)[^,;。\n各]{0,10}?(?:措施|任务|工作|政策|事项|条款|内容)"
    r"|不再[^,;。]{0,4}列|下同"
)
LEADING = re.compile(r"^(?:(?:具体|原则上|主要|统一|各地)?由|并由|其中[,:]?|以及|及|和|并|、|:|—|-)+")


def role_of(label: re.Match[str]) -> Role | None:
    """The role a label gives; None for one that introduces no offices (完成时限)."""
    for role in _ROLES:
        if label[role]:
            return role
    return None


_ROLES: tuple[Role, ...] = ("lead", "with", "implement", "responsible")
