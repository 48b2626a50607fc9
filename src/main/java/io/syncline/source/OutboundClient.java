package io.syncline.source;

import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpActivityListener;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;

import java.io.IOException;
import java.io.InputStream;

/**
 * What {@code routes/outbound.yaml} sets up its HTTP client with: nothing is remembered between calls (no cookies, no credentials), nothing is followed
 * or repeated behind our back, and every call can be broken off.
 */
public final class OutboundClient implements HttpClientConfigurer, HttpActivityListener {
    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableRedirectHandling().disableAutomaticRetries().disableCookieManagement().disableAuthCaching();
        client.addExecInterceptorFirst("break-off", (request, scope, chain) -> {
            Exchange exchange = (Exchange) scope.clientContext.getAttribute(Exchange.class.getName());
            OutboundCall call = callOf(exchange);
            // Promise 21: here the request is what goes over the wire, whatever was asked for above.
            call.require(request.getMethod(), request.getPath());
            call.connectedBy((Cancellable) scope.originalRequest);
            return chain.proceed(request, scope);
        });
        client.addExecInterceptorBefore(ChainElement.MAIN_TRANSPORT.name(), "leave", (request, scope, chain) -> {
            callOf((Exchange) scope.clientContext.getAttribute(Exchange.class.getName())).leaves();
            return chain.proceed(request, scope);
        });
    }

    @Override
    public void onRequestSubmitted(Object source, Exchange exchange, HttpHost host, HttpRequest request, HttpEntity entity) {
        // What is asked is known to the caller.
    }

    @Override
    public void onResponseReceived(Object source, Exchange exchange, HttpHost host, HttpResponse response, HttpEntity entity, long elapsed) {
        OutboundCall call = callOf(exchange);
        if (call == null) {
            // Camel offers the listener to every http endpoint; only outbound calls are ours.
            return;
        }
        call.answered(response.getCode());
        response.headerIterator().forEachRemaining(header -> call.header(header.getName(), header.getValue()));
    }

    /** Reads the answer's body as it comes, unpacked, and no further than the limit: what a gzip bomb would become never exists. */
    public void read(Exchange exchange) throws IOException {
        OutboundCall call = callOf(exchange);
        byte[] body = new byte[0];
        if (exchange.getMessage().getBody() instanceof InputStream stream) {
            try {
                body = stream.readNBytes((int) Math.min(call.maxBytes() + 1, Integer.MAX_VALUE - 8));
            } catch (IOException e) {
                call.breakOff();
                throw e;
            }
            if (body.length > call.maxBytes()) {
                call.breakOff();
                throw new TooLarge(call.maxBytes());
            }
        }
        exchange.getMessage().setBody(body);
    }

    private static OutboundCall callOf(Exchange exchange) {
        return exchange.getVariable(OutboundCall.VARIABLE, OutboundCall.class);
    }
}
