package io.syncline.api;

import io.syncline.api.Contract.Operation;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Stands before everything else that serves HTTP. Lets a request in when the contract declares it, a key in use is shown, the key's role suffices and the
 * body is JSON of bearable size; answers every other one itself, with a problem document.
 */
final class Gate implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final String BEARER = "bearer ";
    private static final int SHOWN = 200;

    private final Contract contract;
    private final Keys keys;
    private final Problems problems;
    private final Bodies bodies;

    Gate(Contract contract, Keys keys, Problems problems, ApiSettings settings) {
        this.contract = contract;
        this.keys = keys;
        this.problems = problems;
        this.bodies = new Bodies(settings.maxBody().toBytes());
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain) throws IOException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        long began = System.nanoTime();
        String requestId = RequestId.of(request.getHeader(RequestId.HEADER));
        AnswerHeaders.set(response, requestId);
        String caller = "nobody";
        try {
            Entry entry = entry(request, response);
            Caller admitted = admitted(request, response, entry.operation().role());
            caller = admitted.name();
            Map<String, String> parameters = entry.operation().path().parameters(entry.path());
            parameters.putAll(QueryParameters.read(request.getQueryString(), entry.operation().query()));
            Map<String, String> headers = DeclaredHeaders.read(request, entry.operation().headers());
            request.setAttribute(Call.NAME, new Call(requestId, admitted, entry.operation().id(), parameters, headers, bodies.read(request),
                    () -> isStillAdmitted(request, admitted, entry.operation().role())));
            chain.doFilter(new PlainRequest(request, entry.operation().path().plain()), response);
            if (!response.isCommitted() && response.getStatus() >= HttpStatus.BAD_REQUEST.value()) {
                throw new IllegalStateException("a door answered " + response.getStatus() + " without a problem document");
            }
        } catch (IOException | ServletException | RuntimeException failure) {
            Answer.of(problems.problem(failure, requestId), requestId).writeTo(response);
        }
        LOG.info("{} {} {} in {} ms, {}, request {}", request.getMethod(), shown(request.getRequestURI()), response.getStatus(),
                (System.nanoTime() - began) / 1_000_000, caller, requestId);
    }

    private Entry entry(HttpServletRequest request, HttpServletResponse response) {
        List<String> path = path(request.getRequestURI());
        List<Operation> operations = contract.at(path);
        if (operations.isEmpty()) {
            throw new Refused(HttpStatus.NOT_FOUND, "not-found", "There is nothing at this address. The addresses are: " + contract.operations().stream()
                    .map(operation -> operation.method() + " " + operation.path().text()).collect(Collectors.joining(", ")) + ".");
        }
        Operation operation = operations.stream().filter(each -> each.method().equals(request.getMethod())).findFirst().orElseThrow(() -> {
            String allowed = operations.stream().map(Operation::method).collect(Collectors.joining(", "));
            response.setHeader("Allow", allowed);
            return new Refused(HttpStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "This address takes " + allowed + " only.");
        });
        return new Entry(operation, path);
    }

    private Caller admitted(HttpServletRequest request, HttpServletResponse response, Role required) {
        if (isForeign(request)) {
            throw new Refused(HttpStatus.FORBIDDEN, "cross-origin", "A page of another site sent this request. Call from your own program, with your key.");
        }
        Caller caller = shownKey(request).flatMap(keys::caller).orElseThrow(() -> {
            boolean shown = shownKey(request).isPresent();
            response.setHeader("WWW-Authenticate", "Bearer realm=\"syncline\"" + (shown ? ", error=\"invalid_token\"" : ""));
            return new Refused(HttpStatus.UNAUTHORIZED, "unauthenticated", shown
                    ? "The key is unknown or revoked, or not complete. Send the whole key as it was shown: Authorization: Bearer sln_…"
                    : "No key was sent. Send yours with the request: Authorization: Bearer sln_…");
        });
        if (!caller.role().may(required)) {
            throw new Refused(HttpStatus.FORBIDDEN, "forbidden", "This takes the role " + required.word() + "; the key \"" + caller.name() + "\" has the role "
                    + caller.role().word() + ". Ask an admin for a key that may do it.");
        }
        return caller;
    }

    private boolean isStillAdmitted(HttpServletRequest request, Caller admitted, Role required) {
        return shownKey(request).flatMap(keys::caller).filter(caller -> caller.organisation().equals(admitted.organisation()))
                .filter(caller -> caller.role().may(required)).isPresent();
    }

    private static List<String> path(String uri) {
        if (uri.chars().anyMatch(Character::isISOControl)) {
            throw badPath();
        }
        try {
            List<String> segments = Arrays.stream(uri.substring(1).split("/", -1))
                    .map(segment -> StringUtils.uriDecode(segment, StandardCharsets.UTF_8)).toList();
            if (segments.stream().anyMatch(segment -> segment.chars().anyMatch(Character::isISOControl) || segment.indexOf('\uFFFD') >= 0)) {
                throw badPath();
            }
            return segments;
        } catch (IllegalArgumentException e) {
            throw badPath();
        }
    }

    private static Refused badPath() {
        return new Refused(HttpStatus.BAD_REQUEST, "bad-path",
                "The path is not percent-encoded UTF-8 text. Write a blank as %20 and a slash inside a name as %2F.");
    }

    private static Optional<String> shownKey(HttpServletRequest request) {
        String authorization = request.getHeader("Authorization");
        if (authorization != null) {
            return Optional.of(authorization.toLowerCase(Locale.ROOT).startsWith(BEARER) ? authorization.substring(BEARER.length()).strip() : "");
        }
        return Optional.ofNullable(request.getHeader("X-Api-Key")).map(String::strip);
    }

    /** Whether a browser says that the request comes from a page that is not ours. */
    private static boolean isForeign(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        String origin = request.getHeader("Origin");
        if ("cross-site".equals(site) || "same-site".equals(site)) {
            return true;
        }
        try {
            return origin != null && !String.valueOf(URI.create(origin).getRawAuthority()).equalsIgnoreCase(request.getHeader("Host"));
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** Whatever a client writes, a log line stays one that can be read. */
    private static String shown(String uri) {
        return uri.length() > SHOWN ? uri.substring(0, SHOWN) + "…" : uri;
    }

    private record Entry(Operation operation, List<String> path) {
    }
}
