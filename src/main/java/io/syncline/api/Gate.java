package io.syncline.api;

import io.syncline.access.Caller;
import io.syncline.api.Contract.Operation;
import io.syncline.logs.Trail;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.http.HttpStatus;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Stands before everything else that serves HTTP. Lets a request in when the contract declares it, the caller is known and its role suffices, it has not asked
 * too often, and the body is JSON of bearable size. Static files and public pages it answers itself, every other request with a problem document.
 */
final class Gate implements Filter {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final int SHOWN = 200;

    private final Contract contract;
    private final Admission admission;
    private final StaticFiles files;
    private final Map<String, PublicPage> pages;
    private final Problems problems;
    private final Bodies bodies;
    private final BooleanSupplier routesStand;

    Gate(Contract contract, Admission admission, StaticFiles files, List<PublicPage> pages, Problems problems, ApiSettings settings,
         BooleanSupplier routesStand) {
        this.contract = contract;
        this.admission = admission;
        this.files = files;
        this.pages = pages.stream().collect(Collectors.toMap(PublicPage::path, Function.identity()));
        this.problems = problems;
        this.bodies = new Bodies(settings.maxBody().toBytes(), settings.bodyWithin());
        this.routesStand = routesStand;
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain) throws IOException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        long began = System.nanoTime();
        String requestId = RequestId.of(request.getHeader(RequestId.HEADER));
        AnswerHeaders.set(response, requestId);
        Trail.request(requestId);
        PublicPage page = null;
        try {
            Optional<StaticFiles.StaticFile> file = files.at(request.getRequestURI());
            if (file.isPresent()) {
                takes(response, request, List.of("GET", "HEAD"));
                file.get().answer(request, response);
            } else if (pages.containsKey(request.getRequestURI())) {
                takes(response, request, List.of("GET", "HEAD"));
                page = pages.get(request.getRequestURI());
                page.answer(visitor(page, request, response)).writeTo(response);
            } else {
                open(request, response, requestId, chain);
            }
        } catch (IOException | ServletException | RuntimeException failure) {
            if (request.getAttribute(DoorEngine.GONE) == null) {
                Answer.of(problems.problem(failure, requestId), requestId).writeTo(response);
            }
        }
        // Whoever watches asks often.
        LOG.atLevel(page == null ? Level.INFO : Level.DEBUG).log("{} {} {} in {} ms, {}, request {}", request.getMethod(), shown(request.getRequestURI()),
                response.getStatus(), (System.nanoTime() - began) / 1_000_000, Admission.known(request).name(), requestId);
        Trail.clear();
    }

    private Caller visitor(PublicPage page, HttpServletRequest request, HttpServletResponse response) {
        if (!page.opensTo(request)) {
            return admission.admitted(request, response, page.role());
        }
        return page.showsMoreToCallers() ? admission.visitor(request, response) : Caller.NOBODY;
    }

    /** Lets a request through to its door. */
    private void open(HttpServletRequest request, HttpServletResponse response, String requestId, FilterChain chain) throws IOException, ServletException {
        List<String> path = RequestPath.segments(request.getRequestURI());
        Operation operation = operation(path, request, response);
        Caller caller = admission.admitted(request, response, operation.role());
        Trail.organisation(caller.organisation());
        Map<String, String> parameters = operation.path().parameters(path);
        parameters.putAll(QueryParameters.read(request.getQueryString(), operation.query()));
        Map<String, String> headers = operation.anyHeader() ? DeclaredHeaders.all(request) : DeclaredHeaders.read(request, operation.headers());
        request.setAttribute(Call.NAME, new Call(requestId, caller, operation.id(), parameters, headers, bodies.read(request),
                SessionCookie.isSecure(request), () -> admission.isStillAdmitted(request, caller, operation.role())));
        if (!routesStand.getAsBoolean()) {
            response.setHeader("Retry-After", "5");
            throw new Refused(HttpStatus.SERVICE_UNAVAILABLE, "not-ready", "Syncline is starting or stopping. Try again in a moment; /readyz says when.");
        }
        chain.doFilter(new PlainRequest(request, operation.inner()), response);
        if (!response.isCommitted() && response.getStatus() >= HttpStatus.BAD_REQUEST.value()) {
            throw new IllegalStateException("a door answered " + response.getStatus() + " without a problem document");
        }
    }

    private Operation operation(List<String> path, HttpServletRequest request, HttpServletResponse response) {
        List<Operation> operations = contract.at(path);
        if (operations.isEmpty()) {
            throw new Refused(HttpStatus.NOT_FOUND, "not-found", "There is nothing at this address. The addresses are: " + contract.operations().stream()
                    .map(operation -> operation.method() + " " + operation.path().text()).collect(Collectors.joining(", ")) + ".");
        }
        takes(response, request, operations.stream().map(Operation::method).toList());
        return operations.stream().filter(each -> each.method().equals(request.getMethod())).findFirst().orElseThrow();
    }

    private static void takes(HttpServletResponse response, HttpServletRequest request, List<String> methods) {
        if (!methods.contains(request.getMethod())) {
            String allowed = String.join(", ", methods);
            response.setHeader("Allow", allowed);
            throw new Refused(HttpStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "This address takes " + allowed + " only.");
        }
    }

    /** Whatever a client writes, a log line stays one that can be read. */
    private static String shown(String uri) {
        return uri.length() > SHOWN ? uri.substring(0, SHOWN) + "…" : uri;
    }
}
