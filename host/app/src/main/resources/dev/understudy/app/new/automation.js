// /// automation
// id = "__ID__"
// description = "Says hello."
// language = "js"
// grants = { reads = [], writes = [] }
// parameters.name = { type = "string", default = "world", description = "Whom to greet." }
//
// [[tests]]
// name = "greets"
// params = { name = "Ada" }
// expect = { success = true, result = { greeting = "Hello, Ada!" } }
// ///
function execute(params) {
  const greeting = `Hello, ${params.name}!`;
  understudy.log.info(greeting);
  return { success: true, greeting };
}
