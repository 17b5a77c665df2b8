"""Names that a machine-translated copy prints in English."""

import pytest

from huiqi.reference.agency_names import chinese_agency_name, english_agency


@pytest.mark.parametrize(
    ("printed", "chinese"),
    [
        ("Provincial Department of Finance", "省财政厅"),
        ("The Provincial Department of Finance", "省财政厅"),
        ("Provincial Tax Office", "省税务局"),
        ("People's Bank of China Kunming Central Branch", "人民银行昆明中心支行"),
        ("People’s Bank of China Kunming Central Branch", "人民银行昆明中心支行"),
        ("Municipal Bureau of Finance", "市财政局"),
        ("County Finance Bureau", "县财政局"),
        ("Prefectural Bureau of Education and Sports", "州教育体育局"),
        ("Municipal Development and Reform Commission", "市发展改革委"),
        ("Provincial Federation of Industry and Commerce", "省工商联"),
        ("state and municipal people's governments", "各州、市人民政府"),
    ],
)
def test_a_known_name_is_given_in_chinese(printed, chinese):
    assert english_agency(printed) == chinese
    assert chinese_agency_name(printed) == chinese


def test_other_names_stay_as_printed():
    assert english_agency("Bureau of Everything") is None
    assert chinese_agency_name("Bureau of Everything") == "Bureau of Everything"
    assert chinese_agency_name("省财政厅") == "省财政厅"
