"""The six verdicts, from best to none."""

ELIGIBLE = "eligible"
LIKELY = "likely"
UNDETERMINED = "undetermined"
INELIGIBLE = "ineligible"
NOT_IN_FORCE = "not_in_force"
NOT_HERE = "not_here"

VERDICTS = {
    ELIGIBLE: "符合",
    LIKELY: "可能符合",
    UNDETERMINED: "尚不确定",
    INELIGIBLE: "不符合",
    NOT_IN_FORCE: "不在有效期",
    NOT_HERE: "不在适用地区",
}
BEST_FIRST = (ELIGIBLE, LIKELY, UNDETERMINED, INELIGIBLE)
