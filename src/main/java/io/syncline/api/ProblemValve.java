package io.syncline.api;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.apache.coyote.ActionCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The server's last word, for requests that never reached the gate because they are no HTTP that can be served: a problem document too. */
public final class ProblemValve extends ErrorReportValve {
    /** The request attribute of an answer that failed while it was on its way: the connection is closed, so that nobody takes the part for the whole. */
    static final String CUT_OFF = "syncline.cut-off";

    private static final Logger LOG = LoggerFactory.getLogger(ProblemValve.class);

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        super.invoke(request, response);
        if (request.getAttribute(CUT_OFF) != null) {
            response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
        }
    }

    @Override
    protected void report(Request request, Response response, Throwable failure) {
        AtomicBoolean allowed = new AtomicBoolean();
        response.getCoyoteResponse().action(ActionCode.IS_IO_ALLOWED, allowed);
        if (response.getStatus() < HttpStatus.BAD_REQUEST.value() || response.getContentWritten() > 0 || !response.setErrorReported() || !allowed.get()) {
            return;
        }
        String requestId = RequestId.of(response.getHeader(RequestId.HEADER));
        if (failure != null && response.getStatus() >= HttpStatus.INTERNAL_SERVER_ERROR.value()) {
            LOG.error("request {} failed", requestId, failure);
        }
        HttpServletResponse answer = response.getResponse();
        AnswerHeaders.set(answer, requestId);
        Problem problem = problem(response.getStatus());
        try {
            Answer.of(problem, requestId).writeTo(answer);
            response.finishResponse();
        } catch (IOException e) {
            LOG.debug("request {}: the client has gone before its answer", requestId);
        }
    }

    private static Problem problem(int status) {
        HttpStatus known = HttpStatus.resolve(status);
        if (known == HttpStatus.NOT_IMPLEMENTED || known == HttpStatus.HTTP_VERSION_NOT_SUPPORTED) {
            return new Problem(known, "bad-request", "The server speaks HTTP/1.1, with bodies that are plain or chunked. Send the request like that.");
        }
        if (known == null || known.is5xxServerError()) {
            return new Problem(HttpStatus.INTERNAL_SERVER_ERROR, "internal",
                    "Something failed on our side. An operator finds the reason in the log under this request id.");
        }
        if (known == HttpStatus.NOT_FOUND) {
            return new Problem(known, "not-found", "There is nothing at this address.");
        }
        return new Problem(known, known == HttpStatus.METHOD_NOT_ALLOWED ? "method-not-allowed" : "bad-request",
                "The server cannot take this request as it is written. Check its method, its address (percent-encoded) and the size of its headers.");
    }
}
