import BanksiaCore
import Testing

@testable import BanksiaServer

@Suite("Query") struct QueryTests {
    @Test(arguments: ["ids=a&ids=b&ids=c", "ids=a,b,c", "ids=a,b&ids=c", "ids[]=a&ids%5B%5D=b,c", "ids=a,,b&ids=&ids=%20c,a"])
    func `arrays come in every style`(text: String) throws {
        #expect(try Query(text[...]).list("ids") == ["a", "b", "c"])
    }

    @Test func `duplicates are collapsed before the cap`() throws {
        let query = try Query(Substring((0..<300).map { "ids=a\($0 % 200)" }.joined(separator: "&")))
        #expect(try query.list("ids").count == 200)
        #expect(throws: RequestProblem.self) { try query.list("ids", atMost: 199) }
    }

    @Test(arguments: [("true", true), ("1", true), ("False", false), ("0", false)]) func `flags have two spellings`(
        text: String, flag: Bool
    ) throws {
        #expect(try Query("x=\(text)").flag("x") == flag)
    }

    @Test func `blank is absent`() throws {
        let query = try Query("a=&b&c=x")
        #expect(try query.text("a") == nil)
        #expect(try query.integer("b", in: 1...2) == nil)
        #expect(try query.list("a").isEmpty)
        #expect(query.has("a") && query.has("b") && !query.has("d"))
    }

    @Test(arguments: ["limit=0", "limit=201", "limit=x", "limit=1.5", "limit=99999999999999999999"])
    func `numbers keep their range`(text: String) throws {
        #expect(throws: RequestProblem.self) { try Query(text[...]).integer("limit", in: 1...200) }
    }

    @Test(arguments: ["x=%zz", "x=%F", "%FF=1", "x=%C3%28"]) func `what is not encoded UTF-8 is refused`(text: String) {
        #expect(throws: RequestProblem.self) { try Query(text[...]) }
    }

    @Test func `a plus in a time is a sign`() throws {
        let query = try Query("a=2024-05-01T12:00:00+02:00&b=2024-05-01T12:00:00%2B02:00&c=2024-05-01+12:00:00")
        #expect(try query.time("a")?.description == "2024-05-01T12:00:00+02:00")
        #expect(try query.time("a") == query.time("b"))
        #expect(try query.time("c")?.description == "2024-05-01T12:00:00")
        #expect(throws: RequestProblem.self) { try Query("a=soon").time("a") }
    }

    @Test func `texts have no control characters and a length`() throws {
        #expect(try Query("q=a%00%1Fb").text("q") == "a  b")
        #expect(try Query("q=%00").text("q") == nil)
        #expect(throws: RequestProblem.self) { try Query("q=\(String(repeating: "a", count: 1025))").text("q") }
        #expect(try Query("q=Gr%C3%BC%C3%9Fe+aus").text("q") == "Grüße aus")
    }
}
