import BanksiaMedia
import Foundation

/// A colour of 8 bits each.
struct Colour: Hashable, CustomStringConvertible {
    var red: UInt8
    var green: UInt8
    var blue: UInt8

    static let red = Colour(red: 220, green: 30, blue: 30)
    static let green = Colour(red: 30, green: 180, blue: 40)
    static let blue = Colour(red: 40, green: 50, blue: 210)
    static let yellow = Colour(red: 230, green: 220, blue: 40)
    static let white = Colour(red: 255, green: 255, blue: 255)

    var description: String { "(\(red), \(green), \(blue))" }

    func isNear(_ other: Colour, within tolerance: Int = 24) -> Bool {
        [(red, other.red), (green, other.green), (blue, other.blue)].allSatisfy { abs(Int($0) - Int($1)) <= tolerance }
    }
}

/// Pixels in memory. The usual one has a colour in each quarter: red and green above, blue and yellow below.
struct Chart {
    let size: PixelSize
    private(set) var pixels: [UInt8]

    init(size: PixelSize, _ colour: (_ x: Int, _ y: Int) -> Colour) {
        self.size = size
        pixels = []
        for y in 0..<size.height { for x in 0..<size.width { pixels += { [$0.red, $0.green, $0.blue] }(colour(x, y)) } }
    }

    init(size: PixelSize, pixels: [UInt8]) {
        self.size = size
        self.pixels = pixels
    }

    static func quarters(_ width: Int, _ height: Int) -> Chart {
        Chart(size: PixelSize(width: width, height: height)) { x, y in
            y < height / 2 ? (x < width / 2 ? .red : .green) : (x < width / 2 ? .blue : .yellow)
        }
    }

    static func plain(_ colour: Colour, _ width: Int, _ height: Int) -> Chart {
        Chart(size: PixelSize(width: width, height: height)) { _, _ in colour }
    }

    subscript(x: Int, y: Int) -> Colour {
        let start = (y * size.width + x) * 3
        return Colour(red: pixels[start], green: pixels[start + 1], blue: pixels[start + 2])
    }

    /// The middles of the quarters: upper left, upper right, lower left, lower right.
    var corners: [Colour] {
        [(1, 1), (3, 1), (1, 3), (3, 3)].map { self[size.width * $0 / 4, size.height * $1 / 4] }
    }

    /// Whether the quarters are those of the usual chart, standing upright.
    func isUpright(within tolerance: Int = 24) -> Bool {
        zip(corners, [Colour.red, .green, .blue, .yellow]).allSatisfy { $0.isNear($1, within: tolerance) }
    }

    /// What a camera held another way would have stored: the pixels that, shown by that orientation, give this chart.
    ///
    /// Orientation says where the stored first row and first column are in the scene (CIPA DC-008 §4.6.5.1, tag 0x0112).
    func stored(orientation: Int) -> Chart {
        let (width, height) = (size.width, size.height)
        return Chart(size: orientation >= 5 ? size.turned : size) { x, y in
            switch orientation {
            case 2: self[width - 1 - x, y]
            case 3: self[width - 1 - x, height - 1 - y]
            case 4: self[x, height - 1 - y]
            case 5: self[y, x]
            case 6: self[width - 1 - y, x]
            case 7: self[width - 1 - y, height - 1 - x]
            case 8: self[y, height - 1 - x]
            default: self[x, y]
            }
        }
    }

    var portablePixmap: [UInt8] { Array("P6\n\(size.width) \(size.height)\n255\n".utf8) + pixels }

    init(portablePixmap bytes: [UInt8]) throws {
        // "P6", width, height and maximum, each behind white space, and comments that libvips writes.
        var fields: [String] = []
        var index = 0
        while fields.count < 4 {
            if bytes[index] == UInt8(ascii: "#") {
                while bytes[index] != 10 { index += 1 }
            } else if bytes[index] <= 32 {
                index += 1
            } else {
                let end = bytes[index...].firstIndex { $0 <= 32 }!
                fields.append(String(decoding: bytes[index..<end], as: UTF8.self))
                index = end
            }
        }
        size = PixelSize(width: Int(fields[1])!, height: Int(fields[2])!)
        pixels = Array(bytes[(index + 1)...])
    }
}
