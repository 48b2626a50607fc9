package io.syncline.source;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.config.Connections;
import io.syncline.parquet.ExactParquet;
import org.apache.camel.CamelContext;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.net.InetAddress;

/** The beans that {@code routes/outbound.yaml} and {@code routes/files.yaml} name, and the one door. */
@Configuration(proxyBeanMethods = false)
class SourceWiring {
    @Bean
    OutboundClient outboundClient() {
        return new OutboundClient();
    }

    @Bean(destroyMethod = "close")
    HttpClientConnectionManager publicConnections() {
        return connections(Network.PUBLIC, InetAddress::getAllByName);
    }

    @Bean(destroyMethod = "close")
    HttpClientConnectionManager privateConnections() {
        return connections(Network.PRIVATE_TOO, InetAddress::getAllByName);
    }

    /** For routes of one's own: {@code unmarshal: {custom: {ref: exactParquet}}}. */
    @Bean
    ExactParquet exactParquet() {
        return ExactParquet.forRoutes();
    }

    @Bean
    ExactParquet openParquet() {
        return ExactParquet.handingOver();
    }

    @Bean(destroyMethod = "close")
    AllSources sources(CamelContext camel, MeterRegistry meters) {
        return new AllSources(camel, Waiting.REAL, meters);
    }

    @Bean
    Writing writing(AllSources sources, io.syncline.config.Configuration configuration, Connections connections) {
        return new HttpWriting(sources.entry(), Waiting.REAL, configuration, connections);
    }

    @Bean(destroyMethod = "close")
    Postbox postbox(CamelContext camel, MeterRegistry meters, io.syncline.config.Configuration configuration, Connections connections) {
        return new Postbox(new Outbound(camel, Waiting.REAL, meters), new ReadOnlyPlaces(configuration, connections));
    }

    /** Connections of the two networks never meet in one pool: one that was allowed for a system must not serve another. */
    static HttpClientConnectionManager connections(Network network, GuardedResolver.Lookup lookup) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new GuardedResolver(network, lookup))
                .setMaxConnTotal(200)
                .setMaxConnPerRoute(20)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.ofSeconds(10))
                        .setTimeToLive(TimeValue.ofMinutes(1))
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(500))
                        .build())
                .build();
    }
}
