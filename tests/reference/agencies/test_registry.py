"""Printed names of single offices, resolved in the text of a place."""

import datetime

import pytest

from huiqi.reference.agencies import Place, resolve

DATONG, HONGHE, YUNNAN, MENGZI = (Place.of(code) for code in ("1402", "5325", "53", "532503"))
NATION = Place("nation")


def name(printed, place, carried=None):
    found = resolve(printed, place, carried)
    return found and found.name


@pytest.mark.parametrize(
    ("place", "printed", "full"),
    [
        (DATONG, "市财政局", "大同市财政局"),
        (DATONG, "大同市财政局", "大同市财政局"),
        (DATONG, "山西省财政厅", "山西省财政厅"),
        (DATONG, "市市场监管局", "大同市市场监督管理局"),
        (DATONG, "市场监管局", "大同市市场监督管理局"),
        (DATONG, "市人社局", "大同市人力资源和社会保障局"),
        (DATONG, "市行政审批局", "大同市行政审批服务局"),
        (DATONG, "人行大同中心支行", "中国人民银行大同市中心支行"),
        (DATONG, "大同银保监分局", "中国银行保险监督管理委员会大同监管分局"),
        (DATONG, "大同海关", "中华人民共和国大同海关"),
        (DATONG, "平城区政府", "大同市平城区人民政府"),
        (DATONG, "团市委", "共青团大同市委员会"),
        (HONGHE, "州财政局", "红河哈尼族彝族自治州财政局"),
        (HONGHE, "州发展和改革委", "红河哈尼族彝族自治州发展和改革委员会"),
        (HONGHE, "州发改委", "红河哈尼族彝族自治州发展和改革委员会"),
        (HONGHE, "州教体局", "红河哈尼族彝族自治州教育体育局"),
        (HONGHE, "红河州税务局", "国家税务总局红河哈尼族彝族自治州税务局"),
        (HONGHE, "红河供电局", "云南电网有限责任公司红河供电局"),
        (HONGHE, "金水河海关", "中华人民共和国金水河海关"),
        (HONGHE, "州政府金融办", "红河哈尼族彝族自治州人民政府金融工作办公室"),
        (HONGHE, "省科技厅", "云南省科学技术厅"),
        (HONGHE, "蒙自市财政局", "蒙自市财政局"),
        (YUNNAN, "省工业和信息厅", "云南省工业和信息化厅"),
        (YUNNAN, "人民银行昆明中心支行", "中国人民银行昆明中心支行"),
        (YUNNAN, "云南银保监局", "中国银行保险监督管理委员会云南监管局"),
        (YUNNAN, "国家税务总局云南省税务局", "国家税务总局云南省税务局"),
        (YUNNAN, "省委组织部", "中共云南省委组织部"),
        (YUNNAN, "省法院", "云南省高级人民法院"),
        (YUNNAN, "国开行云南省分行", "国家开发银行云南省分行"),
        (YUNNAN, "云南电网公司", "云南电网有限责任公司"),
        (YUNNAN, "红河州财政局", "红河哈尼族彝族自治州财政局"),
        (MENGZI, "市财政局", "蒙自市财政局"),
        (MENGZI, "州财政局", "红河哈尼族彝族自治州财政局"),
        (MENGZI, "市生态环境局", "红河哈尼族彝族自治州生态环境局蒙自分局"),
        (Place.of("110105"), "区住建委", "北京市朝阳区住房和城乡建设委员会"),
        (Place.of("110105"), "市财政局", "北京市财政局"),
        (Place.of("45"), "自治区财政厅", "广西壮族自治区财政厅"),
        (Place.of("50"), "市经济信息委", "重庆市经济和信息化委员会"),
        (NATION, "发展改革委", "国家发展和改革委员会"),
        (NATION, "人民银行", "中国人民银行"),
        (HONGHE, "财政部", "财政部"),
    ],
)
def test_an_office_is_resolved_by_its_alias_and_the_text_s_place(place, printed, full):
    assert name(printed, place) == full


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        (HONGHE, "区财政局"),  # which of the districts?
        (DATONG, "县财政局"),
        (HONGHE, "市财政局"),  # a 州 has no 市 above its counties
        (DATONG, "市人行"),
        (HONGHE, "人民银行"),  # the head office, or its branch?
        (HONGHE, "州投资公司"),
        (YUNNAN, "省信用融资担保公司"),
        (DATONG, "市政务服务大厅"),
        (DATONG, "企业"),
        (Place(), "市财政局"),
        (DATONG, ""),
        (DATONG, "市" * 500),
    ],
)
def test_the_registry_says_when_it_does_not_know(place, printed):
    assert resolve(printed, place) is None


def test_a_division_left_out_is_carried_on_from_the_name_before():
    first = resolve("省发展改革委", YUNNAN)
    assert first is not None and first.stated
    assert name("工业和信息化厅", YUNNAN, first.region) == "云南省工业和信息化厅"
    assert name("商务局", MENGZI, "532500") == "红河哈尼族彝族自治州商务局"
    assert name("商务局", MENGZI) == "蒙自市商务局"


def test_a_renamed_office_keeps_its_period_and_its_successor():
    office = resolve("红河银保监分局", HONGHE)
    assert office is not None
    assert (office.until, office.successor) == ("2023-05", "国家金融监督管理总局红河监管分局")
    poverty = resolve("省扶贫办", YUNNAN)
    assert poverty is not None
    assert (poverty.until, poverty.successor) == ("2021", "云南省乡村振兴局")
    branch = resolve("人民银行昆明中心支行", YUNNAN)
    assert branch is not None
    assert branch.successor == "中国人民银行云南省分行"


def test_the_text_s_date_decides_between_names_of_two_periods():
    assert name("银保监会", NATION) == "中国银行保险监督管理委员会"
    early = Place.of("53", datetime.date(2022, 5, 31))
    assert name("省金融监管局", early) == "云南省地方金融监督管理局"
    assert name("云南金融监管局", YUNNAN) == "国家金融监督管理总局云南监管局"


def test_widths_and_spaces_do_not_matter():
    assert name("市 财政 局", DATONG) == "大同市财政局"
    assert name("云南电网公司", YUNNAN) == name(" 云南电网公司 ", YUNNAN)


def test_an_english_name_is_resolved_by_its_chinese_one():
    assert name("Provincial Department of Finance", YUNNAN) == "云南省财政厅"
    assert name("the Municipal Finance Bureau", DATONG) == "大同市财政局"
    assert name("Ministry of Silly Walks", YUNNAN) is None
