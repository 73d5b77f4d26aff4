# /// automation
# id = "__ID__"
# description = "Says hello."
# language = "python"
# grants = { reads = [], writes = [] }
# parameters.name = { type = "string", default = "world", description = "Whom to greet." }
#
# [[tests]]
# name = "greets"
# params = { name = "Ada" }
# expect = { success = true, result = { greeting = "Hello, Ada!" } }
# ///
def execute(params):
    greeting = "Hello, %s!" % params["name"]
    understudy.log.info(greeting)
    return {"success": True, "greeting": greeting}
