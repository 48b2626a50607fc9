package io.syncline.monitor;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.List;

/** Where everything that is counted comes together, the JVM's, the process's and the connection pool's own figures among it. */
@Configuration(proxyBeanMethods = false)
class MeterConfiguration {
    @Bean(destroyMethod = "close")
    PrometheusMeterRegistry meters() {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        // It counts nanoseconds; everything here is in seconds and bytes.
        meters.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"));
        return meters;
    }

    @Bean(destroyMethod = "close")
    JvmGcMetrics collections(PrometheusMeterRegistry meters) {
        JvmGcMetrics collections = new JvmGcMetrics();
        collections.bindTo(meters);
        return collections;
    }

    @Bean
    InitializingBean basicFigures(PrometheusMeterRegistry meters, HikariDataSource pool) {
        return () -> {
            List.of(new JvmMemoryMetrics(), new JvmThreadMetrics(), new ClassLoaderMetrics(), new ProcessorMetrics(), new UptimeMetrics(),
                    new FileDescriptorMetrics()).forEach(figures -> figures.bindTo(meters));
            pool.setMetricRegistry(meters);
        };
    }
}
