import ZKVMMachine

extension ScalesTable: FilledTable {
  package var filler: TableFiller {
    .whole { matrix, units in
      let rows = units.execution.program.functionRows.scales
      content.fill(matrix, uses: rows.map { units.counts.scales[$0] })
    }
  }
}
