import CSentencePieceShim
import Foundation

/// A SentencePiece model (Kudo and Richardson 2018, arXiv:1808.06226), by the library of that name.
///
/// What a model calls special, `</s>` for one, is plain text when a user writes it.
@safe final class SentencePieces: Tokenizing {
    private let handle: OpaquePointer
    private let opening: [Int64]
    private let closing: [Int64]

    /// What stands behind this many code points of a text is not read.
    private static let longestText = 8192

    /// Reads a model file.
    ///
    /// - Throws: `VisionProblem.modelUnusable`, with the library's words.
    init(_ file: Data, opening: [Int64], closing: [Int64]) throws(VisionProblem) {
        var reason = [CChar](repeating: 0, count: 512)
        let handle = unsafe file.withUnsafeBytes {
            unsafe banksia_pieces_open($0.baseAddress, $0.count, &reason, reason.count)
        }
        guard let handle = unsafe handle else {
            throw .modelUnusable(String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
        }
        unsafe self.handle = handle
        self.opening = opening
        self.closing = closing
    }

    deinit { unsafe banksia_pieces_close(handle) }

    func ids(of text: String, context: Int) -> [Int64] {
        let room = context - opening.count - closing.count
        var ids = [Int32](repeating: 0, count: room)
        var text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(Self.longestText)))
        let count = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { bytes in
                unsafe banksia_pieces_encode(handle, bytes.baseAddress, bytes.count, &ids, ids.count)
            }
        }
        // The library fails for no text of valid UTF-8; one that it cannot read says nothing.
        return opening + ids.prefix(max(0, count)).map(Int64.init) + closing
    }
}

// The library's encoding changes nothing of a model, and its documentation allows it from many threads.
extension SentencePieces: @unchecked Sendable {}
