package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A caseload in an SAP system on 127.0.0.1, as an OData service of version 2 and one of version 4 over the same data. It can only be read; every request,
 * whatever it is, is written into its journal. Every method is safe from any thread, and a change can be read as soon as its call has come back.
 */
public final class SapSandbox extends Sandbox {
    /** Where the services stand. */
    public static final String V2 = "/sap/opu/odata/sap/ZCASELOAD_SRV";
    public static final String V4 = "/sap/opu/odata4/sap/zcaseload/srvd/sap/zcaseload/0001";

    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US).withZone(ZoneOffset.UTC);

    private final Options options;
    private final SapData data = new SapData();
    private final Control control = new SapControl(this);
    private final SapService two;
    private final SapService four;

    /**
     * @param port     0 for a free one
     * @param seed     of the data: the same seed and size, the same cases
     * @param size     how many cases
     * @param pageSize of the service's own pages
     */
    public record Options(int port, long seed, int size, int pageSize, String user, String password) {
        /** A free port, 20,000 cases, and credentials that say what they are. */
        public static final Options DEFAULT = new Options(0, 1, 20_000, 1_000, "sandbox-user", "sandbox-password");

        public Options port(int other) {
            return new Options(other, seed, size, pageSize, user, password);
        }

        public Options seed(long other) {
            return new Options(port, other, size, pageSize, user, password);
        }

        public Options size(int other) {
            return new Options(port, seed, other, pageSize, user, password);
        }

        public Options pageSize(int other) {
            return new Options(port, seed, size, other, user, password);
        }

        public Options credentials(String otherUser, String otherPassword) {
            return new Options(port, seed, size, pageSize, otherUser, otherPassword);
        }
    }

    private SapSandbox(Options options) {
        this.options = options;
        data.fill(options.seed(), options.size(), clock().now());
        listen(options.port());
        two = new SapService(false, data, url() + V2, options.pageSize());
        four = new SapService(true, data, url() + V4, options.pageSize());
    }

    /** The services stand under {@link #V2} and {@link #V4} of its address; a port that is taken is told by its number. */
    public static SapSandbox start(Options options) {
        return new SapSandbox(options);
    }

    public Options options() {
        return options;
    }

    /** The current truth: each case as version 4 shows it, without its items, in the order of the ids. */
    public SortedMap<String, ObjectNode> snapshot() {
        SapForm form = new SapForm(true, "");
        SortedMap<String, ObjectNode> snapshot = new TreeMap<>();
        data.cases().forEach(given -> snapshot.put(given.id(), form.caseOf(given, Set.of(), false)));
        return snapshot;
    }

    /** How many items all cases have. */
    public int items() {
        return data.cases().stream().mapToInt(given -> given.items().size()).sum();
    }

    /** One case as it stands, its items with it. */
    public Optional<ObjectNode> record(String id) {
        return data.find(id).map(given -> new SapForm(true, "").caseOf(given, Set.of(), true));
    }

    /**
     * Changes the caseload at random but by the seed.
     *
     * @return exactly what was done
     */
    public List<SapMutation> mutate(long seed, int count) {
        return data.mutate(seed, count, clock().now());
    }

    /**
     * Makes a case behind all others.
     *
     * @return its id
     */
    public String create(long seed) {
        return data.create(seed, clock().now());
    }

    /** Removes a case; only a delta link tells of it. */
    public boolean remove(String id) {
        return data.remove(id);
    }

    /** Deltas that began before are not kept any more. */
    public void forgetDeltas() {
        data.forget();
    }

    /** Whether a whole read of the cases over version 4 ends with a delta link, where one is asked for. */
    public void offerDeltas(boolean offered) {
        four.offerDeltas(offered);
    }

    @Override
    Control control() {
        return control;
    }

    @Override
    void refill() {
        four.offerDeltas(true);
        data.fill(options.seed(), options.size(), clock().now());
    }

    @Override
    Answer served(Request request, Fault fault) {
        return spoiled(request, fault).with("Date", HTTP_DATE.format(clock().now()));
    }

    private Answer spoiled(Request request, Fault fault) {
        if (fault instanceof Fault.Act act) {
            act.action().run();
        } else if (fault instanceof Fault.Mutate mutate) {
            mutate(mutate.seed(), mutate.count());
        } else if (fault instanceof Fault.Reset) {
            return Answer.empty(0).by(new Answer.Reset());
        } else if (fault instanceof Fault.Status status) {
            return Answer.text(status.code(), "text/plain", "The request could not be served.");
        } else if (fault instanceof Fault.Html) {
            return Answer.text(200, "text/html", "<!DOCTYPE html><html><head><title>Logon</title></head><body>User and password, please.</body></html>");
        } else if (fault instanceof Fault.EmptyBody) {
            return Answer.json(200, new byte[0]);
        } else if (fault instanceof Fault.EmptyPage) {
            return (request.path().startsWith(V4) ? four : two).empty();
        }
        Answer honest = honest(request);
        return fault instanceof Fault.HalfBody ? honest.by(new Answer.Half())
                : fault instanceof Fault.CutJson ? honest.with(Arrays.copyOf(honest.body(), honest.body().length / 2)) : honest;
    }

    private Answer honest(Request request) {
        boolean isTwo = request.path().startsWith(V2 + "/");
        if (!isTwo && !request.path().startsWith(V4 + "/")) {
            return Answer.text(404, "text/html", "<html><head><title>Not found</title></head><body>Service cannot be reached</body></html>");
        }
        String credentials = Base64.getEncoder().encodeToString((options.user() + ":" + options.password()).getBytes(StandardCharsets.UTF_8));
        if (!request.header("authorization").equals("Basic " + credentials)) {
            return Answer.text(401, "text/plain", "Logon failed: name or password is incorrect").with("WWW-Authenticate", "Basic realm=\"SAP\"");
        }
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Answer.text(403, "text/plain", "CSRF token validation failed").with("x-csrf-token", "Required");
        }
        return isTwo ? two.answer(request, request.path().substring(V2.length())) : four.answer(request, request.path().substring(V4.length()));
    }
}
