package io.syncline.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.Arrays;
import java.util.List;

/** What every sandbox has: a place on 127.0.0.1, a clock, a journal of its requests, faults, and strings to pull under {@code /_control}. */
public abstract class Sandbox implements AutoCloseable {
    private final SandboxClock clock = new SandboxClock();
    private final Journal journal = new Journal();
    private final Faults faults = new Faults();
    private LoopbackServer server;

    Sandbox() {
    }

    /** The answer to a request; where a fault is given, with that fault. */
    abstract Answer served(Request request, Fault fault);

    abstract Control control();

    /** The data as they were at the start. */
    abstract void refill();

    /**
     * From here on requests are answered.
     *
     * @throws UncheckedIOException when the port is taken
     */
    final void listen(int port) {
        try {
            server = new LoopbackServer(port, this::answer);
        } catch (BindException e) {
            throw new TakenPort(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    final LoopbackServer server() {
        return server;
    }

    /** For example {@code http://127.0.0.1:8099}. */
    public String url() {
        return "http://127.0.0.1:" + server.port();
    }

    public SandboxClock clock() {
        return clock;
    }

    /** The latest {@value Journal#MOST} requests, control requests not among them, oldest first. */
    public List<Call> journal() {
        return journal.calls();
    }

    /** What requests have done to the data, oldest first; clearing the journal clears it, too. */
    public List<Effect> effects() {
        return journal.effects();
    }

    public void clearJournal() {
        journal.clear();
    }

    /** Adds faults behind those in force. */
    public void fault(FaultRule... rules) {
        faults.add(Arrays.asList(rules));
    }

    /**
     * Adds faults as a script, e.g. {@code /materials page=3 call=1 -> reset}.
     *
     * @throws IllegalArgumentException naming the line that is not understood and what may stand there
     */
    public void fault(String script) {
        faults.add(FaultScript.parse(script));
    }

    public List<FaultRule> faults() {
        return faults.rules();
    }

    public void clearFaults() {
        faults.clear();
    }

    /** Data, clock, journal and faults as at the start. */
    public void reset() {
        faults.clear();
        clock.release();
        refill();
        journal.clear();
    }

    @Override
    public void close() {
        server.close();
    }

    private Answer answer(Request request) {
        if (request.path().equals("/_control") || request.path().startsWith("/_control/")) {
            return control().answer(request);
        }
        Fault fault = faults.next(request).orElse(null);
        Answer answer = served(request, fault);
        String words = fault == null ? null : FaultScript.text(fault);
        String body = request.body().length == 0 || request.isForm() ? null : request.text();
        journal.write(number -> new Call(number, clock.now(), request.method(), request.path(), request.query(), answer.status(), words, body,
                !answer.effects().isEmpty()), answer.effects());
        return answer;
    }
}
