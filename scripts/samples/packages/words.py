# /// automation
# id = "words"
# description = "Counts words, by a package of one's own that lies beside the script."
# language = "python"
# parameters.text = { type = "string", default = "so much for so little" }
#
# [[tests]]
# name = "counts each word"
# params = { text = "To be or not to be" }
# expect = { result = { counts = { to = 2, be = 2, or = 1, not = 1 } } }
# ///
from counting import counted


def execute(params):
    return {"counts": counted(params["text"])}
