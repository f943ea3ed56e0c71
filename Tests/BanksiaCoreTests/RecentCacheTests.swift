import BanksiaCore
import Testing

@Suite("What was worked out lately") struct RecentCacheTests {
    @Test func `remembers what was used lately and forgets the rest`() {
        let cache = RecentCache<String, [Float]>(capacity: 10)
        for number in 0..<10 { cache.keep([Float(number)], for: "\(number)") }
        #expect(cache["0"] == [0])
        cache.keep([10], for: "10")
        #expect(cache.count <= 10)
        #expect(cache["0"] == [0])
        #expect(cache["10"] == [10])
        #expect(cache["1"] == nil)
    }

    @Test func `never holds more than its capacity`() {
        let cache = RecentCache<String, [Float]>(capacity: 100)
        for number in 0..<1000 {
            cache.keep([], for: "\(number)")
            #expect(cache.count <= 100)
        }
    }
}
