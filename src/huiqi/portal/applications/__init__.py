"""Applications (申请): what a firm asks for where a measure is not given unasked, from the draft to the decision and the appeal."""
