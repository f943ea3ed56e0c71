internal import Foundation

/// Looks for one fault of HEIF and AVIF files that libheif 1.15 does not forgive: an item that says how it is cut and turned
/// before it says how large it is.
///
/// Properties that describe an item come before those that transform it (ISO/IEC 23008-12 §6.5.1), and some writers keep no
/// order at all; libheif then takes the size for the one after the turn. Boxes: ISO/IEC 14496-12 §4.2, §8.11.14.
struct HEIFStructure {
    /// Bytes to put in place of others.
    struct Patch: Equatable {
        let offset: Int
        let bytes: [UInt8]
    }

    /// Descriptions of some dozens of items, a thumbnail's grid among them, take some kilobytes.
    private static let metaLimit = 1 << 20
    private static let boxLimit = 64
    private static let transforming: Set<String> = ["clap", "irot", "imir"]

    private let bytes: [UInt8]

    /// What to change so that every item's properties stand in order; `nil` where they do, or where there is none of this.
    ///
    /// - Parameter read: bytes of the file: fewer than asked for at its end, empty beyond it.
    static func patch(_ read: TIFFStructure.Reading) -> Patch? {
        var offset = 0
        for _ in 0..<boxLimit {
            let head = read(offset, 8)
            guard head.count == 8 else { return nil }
            let length = head.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            guard length >= 8 else { return nil }  // to the end of the file, or of 64 bits: no box of descriptions
            if head[4...].elementsEqual("meta".utf8) {
                guard length <= metaLimit else { return nil }
                return HEIFStructure(bytes: read(offset, length)).patch(at: offset)
            }
            offset += length
        }
        return nil
    }

    private func patch(at start: Int) -> Patch? {
        guard bytes.count > 12, let properties = box("iprp", in: 12..<bytes.count), let kinds = box("ipco", in: properties),
            let links = box("ipma", in: properties)
        else { return nil }
        let ordered = ordered(links, by: boxes(in: kinds).map(\.kind))
        return ordered == bytes[links] ? nil : Patch(offset: start + links.lowerBound, bytes: Array(ordered))
    }

    /// The links of items to properties, those to transforming ones last.
    private func ordered(_ links: Range<Int>, by kinds: [String]) -> ArraySlice<UInt8> {
        var result = bytes[links]
        guard links.count >= 8 else { return result }
        let isLong = number(links.lowerBound, 1) > 0
        let width = number(links.lowerBound + 3, 1) & 1 == 1 ? 2 : 1
        var position = links.lowerBound + 8
        for _ in 0..<number(links.lowerBound + 4, 4) {
            position += isLong ? 4 : 2
            guard position < links.upperBound else { break }
            let end = position + 1 + number(position, 1) * width
            guard end <= links.upperBound else { break }
            let all = stride(from: position + 1, to: end, by: width).map { bytes[$0..<$0 + width] }
            let turns = all.map { link in
                let index = link.reduce(0) { $0 << 8 | Int($1) } & (width == 2 ? 0x7FFF : 0x7F)
                return kinds.indices.contains(index - 1) && Self.transforming.contains(kinds[index - 1])
            }
            let sorted = zip(all, turns).filter { !$0.1 }.map(\.0) + zip(all, turns).filter(\.1).map(\.0)
            result.replaceSubrange(position + 1..<end, with: sorted.joined())
            position = end
        }
        return result
    }

    private func box(_ kind: String, in range: Range<Int>) -> Range<Int>? { boxes(in: range).first { $0.kind == kind }?.content }

    private func boxes(in range: Range<Int>) -> [(kind: String, content: Range<Int>)] {
        var found: [(String, Range<Int>)] = []
        var position = range.lowerBound
        while position + 8 <= min(range.upperBound, bytes.count) {
            let end = position + number(position, 4)
            guard end >= position + 8, end <= min(range.upperBound, bytes.count) else { break }
            found.append((String(decoding: bytes[position + 4..<position + 8], as: UTF8.self), position + 8..<end))
            position = end
        }
        return found
    }

    private func number(_ offset: Int, _ count: Int) -> Int { bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) } }
}
