/// The numbers of the coefficient tables and how the octaves are cut (`Spec/Functions.md`).
public enum FunctionTableNumber {
  public static let zero = 0, one = 1, half = 2, cdfNear = 3, cdfFar = 4, pdfTiny = 5, pdfNear = 6
  public static let pdfMiddle = 7, pdfFar = 8, exp = 9, ln = 10, lnOne = 25, lnThree = 26
  /// Octave j of erfcx is table 11 + j, octave j of icdf tables 32 + 2j and 33 + 2j.
  public static let erfcx = 11, icdf = 32

  /// Where icdf's octave [2^(j − 48), 2^(j − 47)) changes from 512 segments an octave to 256: at
  /// `split`/512 of it. The error of a segment grows towards an octave's lower end.
  public static func icdfSplit(_ octave: Int) -> Int {
    octave <= 10 ? 576 : octave <= 30 ? 640 : 768
  }

  /// log2 of the segments of erfcx's octave [2^j, 2^(j + 1)); the last one is read with κ = 0.
  public static func erfcxLogCount(_ octave: Int) -> Int { octave <= 5 || octave == 13 ? 9 : 8 }
}
