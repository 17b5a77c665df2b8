import pytest

from huiqi.documents.plan_names import short_name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("财政惠企专项行动实施方案", "财政惠企"),
        ("减税降费专项行动实施方案(二)", "减税降费（二）"),
        ("物流保通保畅专项行动实施方案", "保通保畅"),
        ("Implementation Plan for Special Action on Tax Reduction and Fee Reduction (1)", "减税降费（一）"),
        ("The implementation plan of the special action to ensure the smooth flow of logistics", "保通保畅"),
        ("灯塔企业培育工作方案", "灯塔企业培育"),
        ("关于进一步做好夜市复苏工作的实施意见", "夜市复苏工作"),
        ("便民服务若干政策措施", "便民服务"),
        ("实施方案", "实施方案"),
    ],
)
def test_a_plan_goes_by_the_heart_of_its_title(title, name):
    assert short_name(title) == name
