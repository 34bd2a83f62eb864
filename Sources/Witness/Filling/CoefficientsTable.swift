import ZKVMMachine

extension CoefficientsTable: FilledTable {
  package var filler: TableFiller {
    .whole { matrix, units in
      let rows = units.execution.program.functionRows.coefficients
      content.fill(matrix, uses: rows.map { units.counts.coefficients[$0] })
    }
  }
}
