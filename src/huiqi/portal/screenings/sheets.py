"""The firms entitled to one measure as a workbook: texts stay texts, money is money."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from huiqi.policies.size import CLASSES
from huiqi.portal.catalogue.shelf import Shelf
from huiqi.portal.catalogue.words import in_chinese, title_of
from huiqi.portal.screenings.charts import name_of
from huiqi.portal.screenings.entitled import Entitled
from huiqi.portal.screenings.words import FactLabels
from huiqi.reference.industries import industry
from huiqi.rules.measure import Measure
from huiqi.rules.verdicts import VERDICTS
from huiqi.screening.report.measure_texts import MeasureTexts
from huiqi.screening.report.sheets import Column, Sheet, Workbooks


def write_entitled(
    folder: Path, measure: Measure, entitled: Entitled, house: Shelf, today: datetime.date
) -> Path:
    """Write the firms in the order of the list; return the workbook's path."""
    sizes = {name: title if in_chinese() else name.replace("_", " ") for name, title in CLASSES}
    labels = FactLabels(house)
    columns = (
        *(Column(_("统一社会信用代码"), 21, "own"), Column(_("名称"), 36, "own"), Column(_("县市"), 16)),
        *(Column(_("行业门类"), 24), Column(_("规模"), 12), Column(_("判定"), 12)),
        *(Column(_("金额（元）"), 16, "money"), Column(_("计入金额（元）"), 16, "money")),
        Column(_("缺少的信息"), 60),
    )
    about = [
        (_("政策措施"), title_of(measure)),
        (_("依据"), MeasureTexts(house.library).basis(measure)),
        (_("导出日期"), today.isoformat()),
        (_("效力"), _("筛查结果不代替主管部门的审核决定。")),
    ]
    verdicts = {name: _(title) for name, title in VERDICTS.items()}
    county = cache(name_of)
    label = cache(labels.label)
    with Workbooks(folder, "entitled", [Sheet(_("企业"), columns)], today, False, about) as book:
        for row in entitled:
            book.write(
                0,
                [
                    *(row.code, row.name, county(row.county)),
                    *(industry(row.section).name if row.section else "", sizes.get(row.size, "")),
                    *(verdicts[row.verdict], row.amount, row.counted, "；".join(map(label, row.missing))),
                ],
            )
    return book.paths[0]
