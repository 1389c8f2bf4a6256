"""How units are scored (S4.7): who is assessed, the evidence, and the rules that turn it into points.

`rules` and `periods` are pure; `evidence` reads.  Rows are kept by `workflows.scores`.
"""
