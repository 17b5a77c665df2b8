"""A sheet that was handed out, read back as rows of texts."""

from io import BytesIO

from python_calamine import CalamineWorkbook


def rows_of(answer):
    content = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
