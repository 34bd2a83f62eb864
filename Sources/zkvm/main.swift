import Prover
import Verifier
import Protocol
import Inspect
import AIR
import Assembler
import FixedPoint
import Foundation
import Interpreter
import Machine
let loader: SourceLoader = { try String(contentsOfFile: $0, encoding: .utf8) }
do {
  let r = try Assembler.assemble(file: CommandLine.arguments[1], loader: loader)
  
  let again = try Assembler.assemble(MachineListing.print(r.program))
  print(again.program.digest == r.program.digest, r.program.instructions.count)
  let bs = CommandLine.arguments[1].contains("black")
  func q(_ s: String, _ f: Format) -> Int64 { try! Decimal.parse(s, as: f) }
  let inputs = bs ? ProgramInputs(publicInputs: [], secretInputs: [q("60", .q32), q("65", .q32), q("0.25", .q48), q("0.08", .q48), q("0.3", .q48)], streams: [])
   : ProgramInputs(publicInputs: [q("60", .q32), q("0.08", .q48)], secretInputs: [], streams: [[[10, 0, q("65", .q32), q("0.25", .q48), q("0.3", .q48)], [-5, 1, q("65", .q32), q("0.25", .q48), q("0.3", .q48)]]])
  let e = try Interpreter.run(r.program, inputs)
  for (f, w) in zip(r.program.interface.outputs, e.outputs) { print(f.name, Decimal.string(w, f.format)) }
  print(e.steps.count)
  let machine = MachineTables(program: r.program, blindRows: 256)
  let trace = Trace(e, machine: machine)
  let report = Checker(e, machine: machine).check(trace)
  for t in trace.tables { print(t.kind, t.logHeight, t.activeRows, t.table.columns.count, ConstraintSystem(t.table, packing: 3).auxiliaryColumns * 3, ConstraintSystem(t.table, packing: 3).degree) }
  print(report.holds)
  for f in report.constraints.prefix(10) { print(f) }
  for f in report.buses.prefix(10) { print(f) }
  func ms(_ d: Duration) -> Double { Double(d.components.seconds) * 1e3 + Double(d.components.attoseconds) / 1e15 }
  let clock = ContinuousClock()
  for profile in Profile.allCases { for hiding in [true, false] {
  let p = ProofParameters(profile: profile, isHiding: hiding)
  let t0 = clock.now
  let proof = try Prover(p).prove(e)
  let bytes = ProofFormat.encode(proof)
  let t1 = clock.now
  let v = try Verifier(program: r.program).verify(bytes)
  print(profile, hiding, ms(t1 - t0), "ms", bytes.count, "bytes, verify", ms(clock.now - t1), v.securityBits)
  } }
} catch { print(error) }
