// Runs an approved automation and proposes another: node client.js LAUNCHER DATA_HOME AUTOMATION SCRIPT_FILE
import { readFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [launcher, home, automation, script] = process.argv.slice(2);
const client = new Client({ name: "npm-sample", version: "1" });
await client.connect(
  new StdioClientTransport({ command: launcher, args: ["--home", home, "mcp"], env: process.env }),
);

async function call(name, given) {
  const result = await client.callTool({ name, arguments: given });
  console.log(`${name} ${result.isError ? "failed" : "done"}: ${result.content[0].text.replace(/\s*\n\s*/g, " ")}`);
}

for (const tool of (await client.listTools()).tools) console.log(`tool ${tool.name}`);
await call("list_automations", undefined);
await call("run_automation", { id: automation, parameters: {} });
await call("run_automation", { id: "nobody" });
await call("propose_automation", { script: readFileSync(script, "utf8") });
await client.close();
