import BanksiaProcesses
import Foundation
import Logging

/// A small real child that speaks the frame protocol: a Perl program, since Perl is part of every Debian.
struct Peer {
    /// The end of the pool's name and the words of its request decide what it does.
    static let program = #"""
        use strict; use warnings; use Time::HiRes qw(sleep);
        $| = 1; binmode STDIN; binmode STDOUT;
        sub take { my ($n) = @_; my $all = ''; while (length $all < $n) { my $got = sysread(STDIN, $all, $n - length $all, length $all); exit 0 unless $got; } $all }
        sub put { my ($bytes) = @_; my $at = 0; while ($at < length $bytes) { $at += syswrite(STDOUT, $bytes, length($bytes) - $at, $at) // exit 1; } }
        sub answer { my ($tag, $bytes) = @_; put(pack('N', 1 + length $bytes) . pack('C', $tag) . $bytes) }
        my $count = 0;
        while (1) {
            my $request = take(unpack('N', take(4)));
            my ($verb, $rest) = split / /, $request, 2; $count++;
            if ($verb eq 'echo') { answer(0, $rest) }
            elsif ($verb eq 'pid') { answer(0, $$) }
            elsif ($verb eq 'count') { answer(0, $count) }
            elsif ($verb eq 'environment') { answer(0, join "\n", map { "$_=$ENV{$_}" } sort keys %ENV) }
            elsif ($verb eq 'descriptors') { opendir(my $d, '/proc/self/fd'); my $own = fileno($d) // -1; answer(0, join ' ', sort grep { /^\d+$/ && -e "/proc/self/fd/$_" } readdir $d) }
            elsif ($verb eq 'nap') { sleep $rest; answer(0, "rested $rest") }
            elsif ($verb eq 'wait') { sleep 0.005 until -e $rest; answer(0, 'seen') }
            elsif ($verb eq 'exit') { exit $rest }
            elsif ($verb eq 'signal') { kill $rest, $$; sleep 60 }
            elsif ($verb eq 'hang') { sleep 3600 }
            elsif ($verb eq 'deaf') { local $SIG{TERM} = 'IGNORE'; sleep 3600 while 1 }
            elsif ($verb eq 'hog') { my @all; push @all, 'x' x (16 << 20) while 1 }
            elsif ($verb eq 'giant') { put(pack('N', 0x7fffffff) . 'x' x 100_000); sleep 3600 }
            elsif ($verb eq 'garbage') { put(pack('N', 4) . "\x09abc") }
            elsif ($verb eq 'extra') { answer(0, 'one'); answer(0, 'two') }
            elsif ($verb eq 'half') { put(pack('N', 100) . 'x'); exit 0 }
            elsif ($verb eq 'refuse') { answer(1, "no_such_thing\0There is no $rest.") }
            elsif ($verb eq 'babble') { print STDERR 'noise' x 1000, "\n" while 1 }
            elsif ($verb eq 'write') { open(my $f, '>', $rest) or die; binmode $f; my $ok = 1; for (1 .. 64) { $ok = 0 unless defined syswrite($f, 'x' x 65536) && $! == 0 } answer(0, $! == 27 || !$ok ? 'refused' : 'written') }
            elsif ($verb eq 'brood') { my $child = fork(); if (!$child) { sleep 3600; exit 0 } answer(0, $child) }
            else { answer(1, "unknown\0$verb") }
        }
        """#

    static var command: ChildCommand { ChildCommand(executable: "/usr/bin/perl", arguments: ["-e", program]) }

    static func pool(
        width: Int = 1, limits: ChildLimits = ChildLimits(), idleTimeout: Duration = .seconds(3600), recycleAfter: Int = 500,
        queueLimit: Int = 1024, abandoned: ChildPool.Abandoned = .finishes, command: ChildCommand = Peer.command
    ) -> ChildPool {
        ChildPool(
            name: "peer", command: command, width: width, limits: limits, idleTimeout: idleTimeout, recycleAfter: recycleAfter,
            abandoned: abandoned, queueLimit: queueLimit, logger: Logger(label: "peer") { _ in SwiftLogNoOpLogHandler() })
    }
}

extension ChildPool {
    /// Says something and reads the answer as text.
    func ask(_ words: String, timeout: Duration = .seconds(30)) async throws(ChildProblem) -> String {
        String(decoding: try await call(Array(words.utf8), timeout: timeout), as: UTF8.self)
    }
}

extension ChildPool {
    /// The problem that `ask` ends with; `nil` when it succeeds.
    func outcome(of words: String) async -> ChildProblem? {
        do throws(ChildProblem) {
            _ = try await ask(words)
            return nil
        } catch { return error }
    }
}

/// Whether a process of that number runs; a zombie does not.
func isRunning(_ process: Int32) -> Bool {
    // The file goes away with the process, which is the answer.
    guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    return status.split(separator: ")").last?.split(separator: " ").first != "Z"
}

/// Waits for a condition that another process brings about.
func eventually(within limit: Duration = .seconds(120), _ condition: () throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try condition() { return true }
        try await Task.sleep(for: .milliseconds(5))
    }
    return try condition()
}
