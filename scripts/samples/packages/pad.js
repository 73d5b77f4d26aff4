// /// automation
// id = "pad"
// description = "Pads numbers with zeros, by a package of npm that is fetched and locked."
// language = "js"
// dependencies = ["npm:left-pad@1.3.0"]
// parameters.numbers = { type = "list", default = ["7", "42"] }
//
// [[tests]]
// name = "to three digits"
// params = { numbers = ["7", "42", "1000"] }
// expect = { result = { padded = ["007", "042", "1000"] } }
// ///
import pad from 'left-pad';

export function execute({ numbers }) {
  return { padded: numbers.map((number) => pad(number, 3, '0')) };
}
