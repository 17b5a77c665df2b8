"""Bodies of many offices: one name of the registry for all the ways notices print them."""

import pytest

from huiqi.reference.agencies import Place, resolve

DATONG, HONGHE, YUNNAN = (Place.of(code) for code in ("1402", "5325", "53"))


@pytest.mark.parametrize(
    ("place", "printed", "full"),
    [
        (HONGHE, "各县市人民政府", "红河哈尼族彝族自治州各县（市）人民政府"),
        (HONGHE, "各县、市人民政府", "红河哈尼族彝族自治州各县（市）人民政府"),
        (HONGHE, "各县(市)人民政府", "红河哈尼族彝族自治州各县（市）人民政府"),
        (HONGHE, "各县市", "红河哈尼族彝族自治州各县（市）人民政府"),
        (DATONG, "各县区人民政府", "大同市各县（区）人民政府"),
        (DATONG, "各县（市、区）人民政府", "大同市各县（区）人民政府"),
        (YUNNAN, "各州、市人民政府", "云南省各州（市）人民政府"),
        (YUNNAN, "各州市、县级人民政府", "云南省各州（市）、县（市、区）人民政府"),
        (YUNNAN, "县级以上地方各级人民政府", "云南省各级人民政府"),
        (Place.of("50"), "各区县（自治县）人民政府", "重庆市各县（区）人民政府"),
        (Place.of("45"), "各设区市人民政府", "广西壮族自治区各市人民政府"),
        (Place.of("52"), "各市〔州〕、县〔市、区、特区〕人民政府", "贵州省各州（市）、县（市、区）人民政府"),
        (Place.of("62"), "各市、自治州人民政府", "甘肃省各州（市）人民政府"),
        (Place.of("44"), "各地级以上市人民政府", "广东省各市人民政府"),
        (Place.of("5202"), "各县、市、特区、区人民政府", "六盘水市各市（区）人民政府"),
        (Place("nation"), "各省（区、市）人民政府", "全国各省（区、市）人民政府"),
        (Place("nation"), "各省、自治区、直辖市人民政府", "全国各省（区、市）人民政府"),
        (HONGHE, "州级各有关部门", "红河哈尼族彝族自治州有关部门"),
        (HONGHE, "州直有关部门", "红河哈尼族彝族自治州有关部门"),
        (YUNNAN, "省直有关部门", "云南省有关部门"),
        (YUNNAN, "省级相关单位", "云南省有关单位"),
        (YUNNAN, "中央驻滇有关单位", "中央驻云南单位"),
        (HONGHE, "各银行业机构", "红河哈尼族彝族自治州各银行业金融机构"),
        (HONGHE, "各银行保险机构", "红河哈尼族彝族自治州各银行保险机构"),
        (
            HONGHE,
            "州物流保通保畅工作领导小组成员单位",
            "红河哈尼族彝族自治州物流保通保畅工作领导小组成员单位",
        ),
        (
            HONGHE,
            "红河州物流保通保畅工作领导小组各成员单位",
            "红河哈尼族彝族自治州物流保通保畅工作领导小组成员单位",
        ),
        (YUNNAN, "省公平竞争审查工作部门联席会议各成员单位", "云南省公平竞争审查工作部门联席会议成员单位"),
        (HONGHE, "领导小组各成员单位", "红河哈尼族彝族自治州领导小组成员单位"),
        (YUNNAN, "省减负办各成员单位", "云南省减负办成员单位"),
        (DATONG, "市安委办", "大同市安全生产委员会办公室"),
        (HONGHE, "各县（市）科技局", "红河哈尼族彝族自治州各县（市）科学技术局"),
        (HONGHE, "各级财政部门", "红河哈尼族彝族自治州财政部门"),
        (HONGHE, "各行业主管部门", "红河哈尼族彝族自治州行业主管部门"),
        (DATONG, "大同经开区管委会", "大同经济技术开发区管理委员会"),
        (DATONG, "市属国有企业", "大同市属国有企业"),
        (Place.of("330106"), "各镇街", "杭州市西湖区各乡（镇、街道）人民政府"),
    ],
)
def test_a_body_of_many_has_one_name(place, printed, full):
    found = resolve(printed, place)
    assert found is not None and found.collective
    assert found.name == full


@pytest.mark.parametrize(
    "printed", ["企业", "各类主体", "有关政策", "各县市的企业", "县级" * 30 + "人", "各" * 60]
)
def test_other_words_are_no_body(printed):
    assert resolve(printed, HONGHE) is None
