import BanksiaMedia
import Foundation

/// Writes camera files as Adobe's DNG specification 1.4 has them: a sensor's mosaic, and perhaps the camera's own picture.
struct DigitalNegative {
    let chart: Chart
    var orientation = 1
    /// A JPEG file, and how large it is.
    var preview: (bytes: [UInt8], width: Int, height: Int)?

    /// Little-endian throughout.
    var bytes: [UInt8] {
        let sensor = Directory(
            [
                .long(254, [0]), .long(256, [width]), .long(257, [height]), .short(258, [16]), .short(259, [1]),
                .short(262, [32803]), .short(274, [orientation]), .short(277, [1]), .long(278, [height]), .short(284, [1]),
                .short(33421, [2, 2]), .byte(33422, [0, 1, 1, 2]), .long(50714, [0]), .long(50717, [65535]),
            ], data: mosaic)
        let camera: [Entry] = [
            .text(271, "Banksia"), .text(272, "Studio"), .byte(50706, [1, 4, 0, 0]), .byte(50707, [1, 1, 0, 0]),
            .text(50708, "Banksia Studio"), .fraction(50721, Self.fromXYZ), .fraction(50728, [10000, 10000, 10000]),
            .short(50778, [21]),
        ]
        guard let preview else { return File([Directory(sensor.entries + camera, data: sensor.data)]).bytes }
        let shown = Directory(
            [
                .long(254, [1]), .long(256, [preview.width]), .long(257, [preview.height]), .short(258, [8, 8, 8]),
                .short(259, [7]), .short(262, [6]), .short(274, [orientation]), .short(277, [3]), .long(278, [preview.height]),
                .short(284, [1]),
            ] + camera, data: preview.bytes)
        return File([shown, sensor]).bytes
    }

    private var width: Int { chart.size.width }
    private var height: Int { chart.size.height }

    /// XYZ to linear sRGB (IEC 61966-2-1 §5.2), times 10,000: this sensor sees as a screen shines.
    private static let fromXYZ = [32406, -15372, -4986, -9689, 18758, 415, 557, -2040, 10570]

    /// One colour for each cell: red, green in the rows with even numbers, green, blue in the others.
    private var mosaic: [UInt8] {
        var cells: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let colour = chart[x, y]
                let seen =
                    y.isMultiple(of: 2)
                    ? (x.isMultiple(of: 2) ? colour.red : colour.green)
                    : (x.isMultiple(of: 2) ? colour.green : colour.blue)
                cells += UInt16(pow(Double(seen) / 255, 2.2) * 65535).littleEndianBytes
            }
        }
        return cells
    }

    private struct Entry {
        let tag: UInt16
        let type: UInt16
        let count: Int
        let value: [UInt8]

        static func byte(_ tag: UInt16, _ values: [UInt8]) -> Entry {
            Entry(tag: tag, type: 1, count: values.count, value: values)
        }
        static func text(_ tag: UInt16, _ text: String) -> Entry {
            Entry(tag: tag, type: 2, count: text.utf8.count + 1, value: Array(text.utf8) + [0])
        }
        static func short(_ tag: UInt16, _ values: [Int]) -> Entry {
            Entry(tag: tag, type: 3, count: values.count, value: values.flatMap { UInt16($0).littleEndianBytes })
        }
        static func long(_ tag: UInt16, _ values: [Int]) -> Entry {
            Entry(tag: tag, type: 4, count: values.count, value: values.flatMap { UInt32($0).littleEndianBytes })
        }
        /// Ten-thousandths.
        static func fraction(_ tag: UInt16, _ values: [Int]) -> Entry {
            let parts = values.flatMap { Int32($0).littleEndianBytes + Int32(10000).littleEndianBytes }
            return Entry(tag: tag, type: 10, count: values.count, value: parts)
        }
    }

    private struct Directory {
        let entries: [Entry]
        let data: [UInt8]

        init(_ entries: [Entry], data: [UInt8]) {
            self.entries = entries
            self.data = data
        }
    }

    /// The first directory stands in the header, the others are its children.
    private struct File {
        var bytes: [UInt8]

        init(_ directories: [Directory]) {
            bytes = [0x49, 0x49, 42, 0] + UInt32(0).littleEndianBytes
            var children: [Int] = []
            for directory in directories.reversed() {
                let strip = append(directory.data)
                var entries = directory.entries + [.long(273, [strip]), .long(279, [directory.data.count])]
                if !children.isEmpty { entries.append(.long(330, children)) }
                children.insert(append(entries), at: 0)
                if children.count == directories.count {
                    bytes.replaceSubrange(4..<8, with: UInt32(children[0]).littleEndianBytes)
                }
            }
        }

        private mutating func append(_ data: [UInt8]) -> Int {
            let start = bytes.count
            bytes += data
            if !bytes.count.isMultiple(of: 2) { bytes.append(0) }
            return start
        }

        private mutating func append(_ entries: [Entry]) -> Int {
            var table = UInt16(entries.count).littleEndianBytes
            for entry in entries.sorted(by: { $0.tag < $1.tag }) {
                table += entry.tag.littleEndianBytes + entry.type.littleEndianBytes + UInt32(entry.count).littleEndianBytes
                let fits = entry.value.count <= 4
                table +=
                    fits
                    ? entry.value + [UInt8](repeating: 0, count: 4 - entry.value.count)
                    : UInt32(append(entry.value)).littleEndianBytes
            }
            return append(table + UInt32(0).littleEndianBytes)
        }
    }
}

extension FixedWidthInteger {
    fileprivate var littleEndianBytes: [UInt8] { (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) } }
}
