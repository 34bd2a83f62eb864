import ZKVMMachine

extension GivenTable: FilledTable {
  package var filler: TableFiller {
    .whole { matrix, units in
      let count = units.execution.program.frameStart
      content.fill(matrix, uses: Array(units.counts.reads.prefix(count)))
    }
  }
}
