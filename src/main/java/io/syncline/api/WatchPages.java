package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.access.Role;
import io.syncline.audit.Anchors;
import io.syncline.monitor.Metrics;
import io.syncline.monitor.Monitor;
import io.syncline.monitor.Overall;
import io.syncline.monitor.Readiness;
import io.syncline.monitor.SyncState;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pages for machines that watch this one. None of them says to strangers more than whether it serves. */
final class WatchPages {
    private static final int UNAVAILABLE = 503;
    private static final String STATUS = "status";

    private WatchPages() {
    }

    private static Answer ready(List<String> missing) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put(STATUS, missing.isEmpty() ? "ready" : "not-ready");
        if (!missing.isEmpty()) {
            told.put("waitingFor", missing);
        }
        return Answer.of(missing.isEmpty() ? 200 : UNAVAILABLE, missing.isEmpty() ? Map.of() : Map.of("Retry-After", "5"), told);
    }

    /** The process lives and answers; whether it can do anything is another question. */
    record Live() implements PublicPage {
        @Override
        public String path() {
            return "/livez";
        }

        @Override
        public Role role() {
            return Role.ANYONE;
        }

        @Override
        public Answer answer(Caller caller) {
            return Answer.of(200, Map.of(), Map.of(STATUS, "alive"));
        }
    }

    /** Requests can be served; if not, the name of the part that is missing, and no more. */
    record Ready(Readiness readiness) implements PublicPage {
        @Override
        public String path() {
            return "/readyz";
        }

        @Override
        public Role role() {
            return Role.ANYONE;
        }

        @Override
        public Answer answer(Caller caller) {
            return ready(readiness.missing());
        }
    }

    /**
     * How the syncs stand: to strangers whether it serves, to a viewer the colour of each sync of its organisation, and why,
     * and what keeps anchors from getting out.
     */
    record Health(Readiness readiness, Overall overall, Monitor monitor, Anchors anchors) implements PublicPage {
        @Override
        public String path() {
            return "/health";
        }

        @Override
        public Role role() {
            return Role.ANYONE;
        }

        @Override
        public boolean showsMoreToCallers() {
            return true;
        }

        @Override
        public Answer answer(Caller caller) {
            if (!readiness.missing().isEmpty()) {
                return Answer.of(UNAVAILABLE, Map.of("Retry-After", "5"), Map.of(STATUS, "red"));
            }
            if (!caller.role().may(Role.VIEWER)) {
                return Answer.of(200, Map.of(), Map.of(STATUS, overall.colour().word()));
            }
            List<SyncState> syncs = monitor.all(caller.organisation());
            Map<String, Object> told = new LinkedHashMap<>();
            Map<String, Object> anchoring = ChainDoor.anchoring(anchors, caller.organisation());
            told.put(STATUS, Overall.gravest(syncs, anchors.troubles(caller.organisation()).isEmpty()).word());
            told.put("syncs", syncs.stream().map(sync -> {
                Map<String, Object> each = new LinkedHashMap<>();
                each.put("sync", sync.sync());
                each.put(STATUS, sync.health().colour().word());
                each.put("why", sync.health().why());
                return each;
            }).toList());
            told.putAll(anchoring);
            return Answer.of(200, Map.of(), told);
        }
    }

    /**
     * The figures, for a viewer. They count over all organisations, so only keys of the organisation that runs this installation see them.
     *
     * @param organisation the one that runs this installation
     * @param open         whether this machine itself needs no key; what came through a proxy is not this machine
     */
    record Figures(Metrics metrics, boolean open, String organisation) implements PublicPage {
        private static final List<String> THROUGH_A_PROXY = List.of("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via");

        @Override
        public String path() {
            return "/metrics";
        }

        @Override
        public Role role() {
            return Role.VIEWER;
        }

        @Override
        public boolean opensTo(HttpServletRequest request) {
            try {
                return open && InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress()
                        && THROUGH_A_PROXY.stream().allMatch(header -> request.getHeader(header) == null);
            } catch (UnknownHostException e) {
                return false;
            }
        }

        @Override
        public Answer answer(Caller caller) {
            if (caller != Caller.NOBODY && !caller.organisation().equals(organisation)) {
                // Promise 29: they count what is another's.
                throw new Refused(HttpStatus.FORBIDDEN, "forbidden", "The figures are about all organisations, so only keys of the one that runs this"
                        + " installation see them. Ask its admin for a key, or for syncline.metrics.organisation to name yours.");
            }
            return new Answer(200, Metrics.MEDIA_TYPE, Map.of(), new Answer.Bytes(metrics.text().getBytes(StandardCharsets.UTF_8)));
        }
    }
}
