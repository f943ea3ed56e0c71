import BanksiaCore
import Testing

@testable import BanksiaMedia

@Suite("Tags") struct TagsTests {
    private func read(_ json: String) throws -> EmbeddedMetadata {
        EmbeddedMetadata(try #require(Tags(json: Array("[{\(json)}]".utf8))))
    }

    @Test(
        arguments: [
            // EXIF, with and without its companions.
            (#""ExifIFD:DateTimeOriginal": "2024:05:01 12:30:00""#, "2024-05-01T12:30:00"),
            (
                #""ExifIFD:DateTimeOriginal": "2024:05:01 12:30:00", "ExifIFD:SubSecTimeOriginal": 5"#,
                "2024-05-01T12:30:00.500000"
            ),
            (
                #""ExifIFD:DateTimeOriginal": "2024:05:01 12:30:00", "ExifIFD:SubSecTimeOriginal": "05""#,
                "2024-05-01T12:30:00.050000"
            ),
            (
                #""ExifIFD:DateTimeOriginal": "2024:05:01 12:30:00", "ExifIFD:SubSecTimeOriginal": 123456789"#,
                "2024-05-01T12:30:00.123456"
            ),
            (#""ExifIFD:DateTimeOriginal": "2024:05:01 12:30:00", "ExifIFD:SubSecTimeOriginal": "   ""#, "2024-05-01T12:30:00"),
            (
                #""ExifIFD:DateTimeOriginal": "2024:05:01 12:30:00", "ExifIFD:OffsetTimeOriginal": "-03:30""#,
                "2024-05-01T12:30:00-03:30"
            ),
            (#""ExifIFD:DateTimeOriginal": "2024:05:01 12:30:00", "ExifIFD:OffsetTimeOriginal": "Z""#, "2024-05-01T12:30:00Z"),
            (
                #""ExifIFD:DateTimeOriginal": "2024:05:01 12:30:00", "ExifIFD:OffsetTimeOriginal": "   :  ""#,
                "2024-05-01T12:30:00"
            ),
            // Not known.
            (#""ExifIFD:DateTimeOriginal": "0000:00:00 00:00:00""#, nil),
            (#""ExifIFD:DateTimeOriginal": "    :  :     :  :  ""#, nil),
            (#""ExifIFD:DateTimeOriginal": "2024:13:41 12:30:00""#, nil), (#""ExifIFD:DateTimeOriginal": 0"#, nil), ("", nil),
            // A zero date does not hide a good one.
            (
                #""ExifIFD:DateTimeOriginal": "0000:00:00 00:00:00", "XMP-exif:DateTimeOriginal": "2020:02:02 02:02:02""#,
                "2020-02-02T02:02:02"
            ),
            // Programs.
            (#""XMP-photoshop:DateCreated": "2019:07:24 11:25:40.25+03:00""#, "2019-07-24T11:25:40.250000+03:00"),
            (#""XMP-photoshop:DateCreated": "2019:07:24""#, "2019-07-24T00:00:00"), (#""XMP-photoshop:DateCreated": 2019"#, nil),
            (#""IPTC:DateCreated": "2018:01:02", "IPTC:TimeCreated": "03:04:05+01:00""#, "2018-01-02T03:04:05+01:00"),
            (#""IPTC:DateCreated": "2018:01:02""#, "2018-01-02T00:00:00"),
            (
                #""ExifIFD:DateTimeOriginal": "2024:05:01 12:30:00", "XMP-photoshop:DateCreated": "2019:07:24 11:25:40""#,
                "2024-05-01T12:30:00"
            ),
            // Films.
            (#""QuickTime:CreateDate": "2019:07:24 08:25:40""#, "2019-07-24T08:25:40Z"),
            (#""QuickTime:CreateDate": "0000:00:00 00:00:00""#, nil),
            (
                #""Keys:CreationDate": "2019:07:24 11:25:40+03:00", "QuickTime:CreateDate": "2019:07:24 08:25:40""#,
                "2019-07-24T11:25:40+03:00"
            ),
            (#""Matroska:DateTimeOriginal": "2019:01:24 08:01:24Z""#, "2019-01-24T08:01:24Z"),
            (#""H264:DateTimeOriginal": "2019:04:24 22:24:00+02:00 DST""#, "2019-04-24T22:24:00+02:00"),
            // XMP before IPTC, and a receiver's clock when nothing else tells.
            (
                #""XMP-photoshop:DateCreated": "2022:01:10 15:15:44.31", "IPTC:DateCreated": "2022:01:10", "IPTC:TimeCreated": "15:15:44-04:00""#,
                "2022-01-10T15:15:44.310000"
            ),
            (#""GPS:GPSDateStamp": "2023:06:07", "GPS:GPSTimeStamp": "12:45:55.5""#, "2023-06-07T12:45:55.500000Z"),
            (#""GPS:GPSDateStamp": "2023:06:07""#, nil), (#""GPS:GPSTimeStamp": "12:45:55""#, nil),
            (
                #""ExifIFD:DateTimeOriginal": "2023:06:07 13:45:55", "GPS:GPSDateStamp": "2023:06:07", "GPS:GPSTimeStamp": "12:45:55""#,
                "2023-06-07T13:45:55"
            ),
            (
                #""ExifIFD:CreateDate": "2023:06:07 13:45:55", "GPS:GPSDateStamp": "2023:06:07", "GPS:GPSTimeStamp": "12:45:55""#,
                nil
            ),
        ] as [(String, String?)])
    func `the time of the shot is found`(json: String, time: String?) throws {
        #expect(try read(json).originalDateTime?.description == time)
    }

    @Test func `scan and change times are kept apart`() throws {
        let read = try read(
            #""ExifIFD:CreateDate": "2001:01:01 01:01:01", "ExifIFD:OffsetTimeDigitized": "+01:00", "IFD0:ModifyDate": "2002:02:02 02:02:02", "ExifIFD:SubSecTime": 9"#
        )
        #expect(read.originalDateTime == nil)
        #expect(read.digitizedDateTime?.description == "2001-01-01T01:01:01+01:00")
        #expect(read.modifiedDateTime?.description == "2002-02-02T02:02:02.900000")
    }

    @Test(
        arguments: [
            (
                #""GPS:GPSLatitude": 48.2, "GPS:GPSLatitudeRef": "N", "GPS:GPSLongitude": 16.4, "GPS:GPSLongitudeRef": "E""#,
                [48.2, 16.4]
            ),
            (
                #""GPS:GPSLatitude": 48.2, "GPS:GPSLatitudeRef": "South", "GPS:GPSLongitude": 16.4, "GPS:GPSLongitudeRef": "W""#,
                [-48.2, -16.4]
            ),
            (#""GPS:GPSLatitude": 48.2, "GPS:GPSLongitude": 16.4"#, nil),  // no hemisphere
            (#""GPS:GPSLatitude": 48.2, "GPS:GPSLatitudeRef": "N""#, nil),  // half a position
            // no fix
            (#""GPS:GPSLatitude": 0, "GPS:GPSLatitudeRef": "N", "GPS:GPSLongitude": 0, "GPS:GPSLongitudeRef": "E""#, nil),
            (#""GPS:GPSLatitude": 0, "GPS:GPSLatitudeRef": "N", "GPS:GPSLongitude": 9.5, "GPS:GPSLongitudeRef": "E""#, [0, 9.5]),
            (#""GPS:GPSLatitude": 91, "GPS:GPSLatitudeRef": "N", "GPS:GPSLongitude": 9.5, "GPS:GPSLongitudeRef": "E""#, nil),
            (#""GPS:GPSLatitude": "undef", "GPS:GPSLatitudeRef": "N", "GPS:GPSLongitude": 9.5, "GPS:GPSLongitudeRef": "E""#, nil),
            (#""GPS:GPSLatitude": "inf", "GPS:GPSLatitudeRef": "N", "GPS:GPSLongitude": 9.5, "GPS:GPSLongitudeRef": "E""#, nil),
            (#""XMP-exif:GPSLatitude": -33.8, "XMP-exif:GPSLongitude": 151.2"#, [-33.8, 151.2]),
            (#""Keys:GPSCoordinates": "59.9 -30.5 12""#, [59.9, -30.5]), (#""QuickTime:GPSCoordinates": "1.5 2.5""#, [1.5, 2.5]),
        ] as [(String, [Double]?)])
    func `a position comes whole or not at all`(json: String, position: [Double]?) throws {
        let read = try read(json)
        #expect([read.latitude, read.longitude] == (position.map { [$0[0], $0[1]] } ?? [nil, nil]))
    }

    @Test(
        arguments: [
            (#""GPS:GPSAltitude": 12.5"#, 12.5), (#""GPS:GPSAltitude": 12.5, "GPS:GPSAltitudeRef": 1"#, -12.5),
            (#""GPS:GPSAltitude": "undef""#, nil),
            (#""XMP-exif:GPSAltitude": 7, "XMP-exif:GPSAltitudeRef": 0"#, 7), (#""Keys:GPSCoordinates": "1 2 33.25""#, 33.25),
        ] as [(String, Double?)])
    func `an altitude below the sea is negative`(json: String, altitude: Double?) throws {
        #expect(try read(json).altitude == altitude)
    }

    @Test(
        arguments: [
            ("5", 5), ("0", 0), ("-1", 0), ("6", 0), ("99", 0), ("3.5", 0), ("\"4\"", 4), ("\"many\"", nil),
        ] as [(String, Int?)])
    func `a rating outside of the stars is none`(value: String, rating: Int?) throws {
        #expect(try read(#""XMP-xmp:Rating": \#(value)"#).rating == rating)
        #expect(try read(#""IFD0:Rating": \#(value)"#).rating == rating)
    }

    @Test(
        arguments: [
            (#""IFD0:ImageDescription": " At the lake \u0000""#, "At the lake"),
            (#""IFD0:ImageDescription": "OLYMPUS DIGITAL CAMERA         ""#, nil),
            (#""IFD0:ImageDescription": "SONY DSC", "XMP-dc:Description": "At the lake""#, "At the lake"),
            (#""IFD0:ImageDescription": "", "IPTC:Caption-Abstract": "At the lake""#, "At the lake"),
            (#""ExifIFD:UserComment": "At the lake""#, "At the lake"), (#""ExifIFD:UserComment": "{\"mirror\":false}""#, nil),
            (#""ExifIFD:UserComment": "filter: 0; fileterIntensity: 0.0;""#, nil), (#""IFD0:ImageDescription": 1984"#, "1984"),
            (#""XMP-dc:Description": "zwei\nZeilen""#, "zwei\nZeilen"), (#""ExifIFD:UserComment": "Screenshot""#, nil),
        ] as [(String, String?)])
    func `a description is what a person wrote`(json: String, description: String?) throws {
        #expect(try read(json).description == description)
    }

    @Test func `zeros and nonsense of cameras are not known`() throws {
        let read = try read(
            #""IFD0:Make": "  ", "ExifIFD:ExposureTime": "inf", "ExifIFD:FNumber": 0, "ExifIFD:ISO": 0, "ExifIFD:FocalLength": "undef", "IFD0:Orientation": 9, "ExifIFD:ExposureCompensation": 0"#
        )
        var expected = EmbeddedMetadata()
        expected.exposureBias = 0
        #expect(read == expected)
    }

    @Test(
        arguments: [
            (#""QuickTime:Duration": 2.5"#, 2.5), (#""Matroska:Duration": "00:01:13,500000000""#, 73.5),
            (#""RIFF:Duration": 0"#, nil),
            (#""Matroska:Duration": "1:2""#, nil), (#""Composite:Duration": 4, "Track1:Duration": 9"#, 4),
        ] as [(String, Double?)])
    func `the length of a film is in seconds`(json: String, seconds: Double?) throws {
        #expect(try read(json).duration == seconds)
    }

    @Test func `of several sensitivities the first that is one counts`() throws {
        #expect(try read(#""ExifIFD:ISO": "0 200""#).iso == 200)
        #expect(try read(#""ExifIFD:ISO": 0, "Nikon:ISO": 400"#).iso == 400)
    }

    @Test(
        arguments: [
            (#""IFD0:Make": "Canon", "H264:Make": 264"#, "Canon"), (#""H264:Make": 264"#, "Sony"), (#""H264:Make": 4356"#, "JVC"),
            (#""H264:Make": 7"#, "7"), (#""XMP-tiff:Make": "Leica", "Keys:Make": "Apple""#, "Leica"),
        ])
    func `a maker is known by name, and a camcorder's by number`(json: String, make: String) throws {
        #expect(try read(json).make == make)
    }

    @Test func `a pace is that of pictures and not of a clock`() throws {
        #expect(try read(#""Track1:VideoFrameRate": 25"#).fps == 25)
        #expect(try read(#""Track1:VideoFrameRate": 1000"#).fps == nil)
    }

    @Test(
        arguments: [
            (#""IFD0:ImageDescription": "camera", "XMP-dc:Description": "program", "IPTC:Caption-Abstract": "agency""#, "camera"),
            (#""XMP-dc:Description": "program", "IPTC:Caption-Abstract": "agency", "ExifIFD:UserComment": "note""#, "program"),
            (#""IPTC:Caption-Abstract": "agency", "ExifIFD:UserComment": "note""#, "agency"),
            (#""IFD0:XPComment": "windows", "ExifIFD:UserComment": "note""#, "windows"),
            (#""ExifIFD:UserComment": "ASCI""#, nil),
        ] as [(String, String?)])
    func `of several descriptions the camera's counts, then XMP's, then IPTC's`(json: String, description: String?) throws {
        #expect(try read(json).description == description)
    }

    @Test func `of two ratings XMP's counts, and of two positions EXIF's`() throws {
        #expect(try read(#""IFD0:Rating": 2, "XMP-xmp:Rating": 4"#).rating == 4)
        let both = try read(
            #""GPS:GPSLatitude": 1, "GPS:GPSLatitudeRef": "S", "GPS:GPSLongitude": 2, "GPS:GPSLongitudeRef": "W", "XMP-exif:GPSLatitude": 3, "XMP-exif:GPSLongitude": 4, "Keys:GPSCoordinates": "5 6""#
        )
        #expect([both.latitude, both.longitude] == [-1, -2])
        let programs = try read(#""XMP-exif:GPSLatitude": 3, "XMP-exif:GPSLongitude": 4, "Keys:GPSCoordinates": "5 6""#)
        #expect([programs.latitude, programs.longitude] == [3, 4])
    }

    @Test func `of two names for a place XMP's counts`() throws {
        #expect(try read(#""XMP-photoshop:City": "Wien", "IPTC:City": "Vienna""#).city == "Wien")
        #expect(
            try read(#""XMP-photoshop:Country": "Österreich", "IPTC:Country-PrimaryLocationName": "Austria""#).country
                == "Österreich")
    }

    @Test func `the ties between files are found`() throws {
        #expect(try read(#""Apple:ContentIdentifier": "A-1""#).livePhotoContentID == "A-1")
        #expect(try read(#""Keys:ContentIdentifier": "A-1""#).livePhotoContentID == "A-1")
        #expect(try read(#""Apple:BurstUUID": "B-2""#).autoStackID == "B-2")
        #expect(try read(#""XMP-GCamera:BurstID": "B-2""#).autoStackID == "B-2")
        #expect(try read(#""XMP-GPano:ProjectionType": "equirectangular""#).projectionType == "equirectangular")
    }

    @Test func `a place of IPTC Extension stands in for the older fields`() throws {
        let read = try read(
            #""XMP-iptcExt:LocationCreated": [{"City": "Wien", "CountryName": "Österreich", "ProvinceState": "W", "Sublocation": "Prater"}], "IPTC:City": "Vienna""#
        )
        #expect([read.sublocation, read.city, read.state, read.country] == ["Prater", "Vienna", "W", "Österreich"])
    }

    @Test(arguments: ["", "[]", "{}", "[1]", "[{\"a\":", "null", "[[]]"]) func `what is no answer has no tags`(json: String) {
        #expect(Tags(json: Array(json.utf8)) == nil)
    }

    @Test func `any JSON value can stand in a tag`() throws {
        let read = try read(
            #""IFD0:Make": true, "IFD0:Model": null, "ExifIFD:ISO": [100, 200], "ExifIFD:FNumber": {"a": 1}, "IFD0:Rating": 1e400, "ExifIFD:LensModel": ["", "x"]"#
                .replacing("1e400", with: "1e40"))
        #expect(read.make == "true")
        #expect(read.model == nil)
        #expect(read.iso == 100)
        #expect(read.fNumber == nil)
        #expect(read.rating == 0)
    }
}
