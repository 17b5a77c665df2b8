"""Official texts written for the tests of the site (fictional places), and who reads them."""

from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from offices import Office, run_jobs

from huiqi.portal.documents.models import OfficialText

CITY = """虚河市人民政府办公室关于印发虚河市助企纾困若干措施的通知
虚政办发〔2022〕12号
各县（市、区）人民政府，市直各部门：
一、加大资金支持
（一）设立纾困资金。市级财政安排2000万元，对困难小微企业流动资金贷款给予50%贴息，单户最高不超过20万元。2022年12月底前新增首贷户300户以上。（市财政局牵头，市工信局配合，完成时限：2022年12月底前）
（二）减免房屋租金。对承租国有房屋的小微企业和个体工商户，2022年免收3个月租金。（市国资委牵头）
二、优化服务
（三）畅通诉求渠道。对企业反映的问题，3个工作日内答复，办结率达到95%以上。
责任单位：市工信局
虚河市人民政府办公室
2022年6月1日
"""
PROVINCE = """虚江省人民政府关于印发助企纾困若干政策措施的通知
虚江政发〔2022〕5号
各市（州）人民政府，省直各部门：
一、加大资金支持
（一）设立纾困资金。省级财政安排2亿元，对困难小微企业流动资金贷款给予50%贴息，单户最高不超过30万元。2022年12月底前新增首贷户3000户以上。（省财政厅牵头，省工业和信息化厅配合，完成时限：2022年12月底前）
（二）减免房屋租金。对承租国有房屋的小微企业和个体工商户，2022年免收6个月租金。（省国资委牵头）
（三）缓缴社会保险费。困难行业企业可申请缓缴企业职工基本养老保险费，期限不超过6个月。（省人力资源社会保障厅牵头）
二、优化服务
（四）畅通诉求渠道。对企业反映的问题，5个工作日内答复，办结率达到98%以上。
责任单位：省工业和信息化厅
虚江省人民政府
2022年5月16日
"""


@dataclass
class Reader(Office):
    """What an officer does in the library, in the shortest words."""

    def add(self, text=CITY, name="虚河措施.txt", **more):
        content = text if isinstance(text, bytes) else text.encode()
        given = {"file": SimpleUploadedFile(name, content), "shared": "on", "key": f"add:{name}", **more}
        return self.client.post(reverse("document-add"), {k: v for k, v in given.items() if v is not None})

    def paste(self, text, **more):
        return self.client.post(
            reverse("document-add"), {"text": text, "shared": "on", "key": "paste", **more}
        )

    def holds(self, text=CITY, name="虚河措施.txt", **more) -> OfficialText:
        answer = self.add(text, name, **more)
        assert answer.status_code == 302, answer.content.decode()
        run_jobs()
        return newest()

    def page(self, name, *, query="", status=200, **where):
        answer = self.client.get(reverse(name, kwargs=where) + query)
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer.content.decode() if not answer.streaming else b"".join(answer.streaming_content)

    def aligned(self, superior, subordinate, **more):
        given = {"superior": superior.pk, "subordinate": subordinate.pk, **more}
        made = self.do("alignment.start", None, given, key=f"align:{given}"[:80])
        run_jobs()
        made.refresh_from_db()
        return made


def newest() -> OfficialText:
    return OfficialText.objects.for_site("test").order_by("-id").first()
