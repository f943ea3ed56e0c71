import HTTPTypes
import Hummingbird
import NIOCore

/// The style sheet of all pages.
enum PageStyle {
    static func answer(_: Call) async throws -> Response {
        Response(
            status: .ok,
            headers: [
                .contentType: "text/css; charset=utf-8", .cacheControl: "max-age=3600", .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(string: sheet)))
    }

    private static let sheet = """
        :root { color-scheme: light dark; --line: #8886; --quiet: #888; --accent: #2b6b4a; }
        @media (prefers-color-scheme: dark) { :root { --accent: #6fc297; } }
        * { box-sizing: border-box; }
        body { font: 16px/1.5 system-ui, sans-serif; margin: 0; padding: 2rem 1rem; }
        main { max-width: 24rem; margin: 4vh auto; }
        main.wide { max-width: 60rem; margin: 0 auto; }
        h1 { font-size: 1.5rem; } h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
        h3 { margin-bottom: .25rem; } h4 { margin: 1rem 0 .25rem; }
        label { display: block; margin: 1rem 0; }
        input { display: block; width: 100%; font: inherit; padding: .5rem; border: 1px solid var(--line); border-radius: .3rem; }
        button { font: inherit; padding: .5rem 1rem; border: 0; border-radius: .3rem; background: var(--accent); color: Canvas;
            cursor: pointer; }
        button.plain { background: none; color: inherit; border: 1px solid var(--line); }
        .problem { border-left: 4px solid #c33; padding: .25rem .75rem; }
        .quiet { color: var(--quiet); font-size: .9rem; }
        a { color: var(--accent); } section { margin: 2rem 0; }
        code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); }
        article { margin: 2rem 0; padding: 0 0 1rem; } details { margin: .5rem 0; } nav ul { columns: 3 14rem; padding-left: 1rem; }
        .method { display: inline-block; min-width: 4.5rem; font: 600 .85rem ui-monospace, monospace; color: var(--accent); }

        """
}
