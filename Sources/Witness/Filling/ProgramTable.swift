import ZKVMMachine

extension ProgramTable: FilledTable {
  package var filler: TableFiller {
    .whole { matrix, units in
      content.fill(matrix, uses: units.counts.program)
    }
  }
}
