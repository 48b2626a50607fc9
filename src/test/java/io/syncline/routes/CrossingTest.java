package io.syncline.routes;

import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

class CrossingTest {
    @SpringBootConfiguration(proxyBeanMethods = false)
    @ImportAutoConfiguration({CamelAutoConfiguration.class, RouteCoverage.class})
    static class JustCamel {
    }

    private static final Path FLOW = Path.of("src/test/resources/routes/good/flow.yaml");

    @Test
    void aStepThatNoMessageCrossedIsNamedWithItsFileAndLine() throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.setSourceLocationEnabled(true);
            context.getCamelContextExtension().addInterceptStrategy(RouteCoverage.interceptor());
            Resource flow = ResourceHelper.resolveMandatoryResource(context, "file:" + FLOW);
            PluginHelper.getRoutesLoader(context).loadRoutes(flow);
            context.start();
            assertThat(RouteCoverage.wasStarted(FLOW)).isTrue();
            assertThat(RouteCoverage.neverCrossed(FLOW)).extracting(RouteCoverage.Step::id).contains("ask-known", "by-known", "hand-on", "note", "say-known");
            ProducerTemplate messages = context.createProducerTemplate();
            messages.sendBody("direct:sample-run", "no");
            assertThat(RouteCoverage.neverCrossed(FLOW)).hasSize(2).first().asString().matches("flow.yaml:\\d+ hand-on");
            messages.sendBody("direct:sample-run", "yes");
            assertThat(RouteCoverage.neverCrossed(FLOW)).isEmpty();
            assertThat(RouteCoverage.wasStarted(Path.of("routes/nowhere.yaml"))).isFalse();
        }
    }

    @Test
    void everySpringContextOfATestIsWatched() {
        try (ConfigurableApplicationContext spring = new SpringApplicationBuilder(JustCamel.class).web(WebApplicationType.NONE)
                .run("--spring.config.location=optional:classpath:/no-settings/")) {
            CamelContext context = spring.getBean(CamelContext.class);
            assertThat(context.getCamelContextExtension().getInterceptStrategies()).contains(spring.getBean(InterceptStrategy.class));
        }
        assertThat(getClass().getResource("/META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports")).isNotNull();
    }
}
