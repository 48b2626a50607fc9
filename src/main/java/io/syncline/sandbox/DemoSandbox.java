package io.syncline.sandbox;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.Profiles;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * With the profile {@code demo} the sandboxes run before anything asks for their addresses, and end after everything else.
 * The port of ServiceTitan's is {@code syncline.sandbox.port}: 8099 unless said, 0 for a free one; SAP's is {@code syncline.sandbox.sap-port}: the next
 * one. {@code syncline.sandbox.size} is how many records ServiceTitan's has. Credentials that are set already are kept, and a sandbox takes them for its own.
 * Where {@code SERVICETITAN_URL} or {@code SAP_URL} is set already, somebody has a system to talk to, and there is no sandbox of it.
 */
public final class DemoSandbox implements ApplicationContextInitializer<ConfigurableApplicationContext> {
    private static final int USUAL_PORT = 8099;

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        if (!environment.acceptsProfiles(Profiles.of("demo"))) {
            return;
        }
        if (!environment.containsProperty("SERVICETITAN_URL")) {
            serviceTitan(context, environment);
        }
        if (!environment.containsProperty("SAP_URL")) {
            sap(context, environment);
        }
    }

    private static void serviceTitan(ConfigurableApplicationContext context, ConfigurableEnvironment environment) {
        ServiceTitanSandbox sandbox = ServiceTitanSandbox.start(options(environment));
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("SERVICETITAN_URL", sandbox.url());
        settings.put("SERVICETITAN_TOKEN_URL", sandbox.tokenUrl());
        settings.put("SERVICETITAN_TENANT", sandbox.options().tenant());
        settings.put("SERVICETITAN_CLIENT_ID", sandbox.options().clientId());
        settings.put("SERVICETITAN_CLIENT_SECRET", sandbox.options().clientSecret());
        settings.put("SERVICETITAN_APP_KEY", sandbox.options().appKey());
        settings.put("SERVICETITAN_PRIVATE_NETWORK", "true");
        environment.getPropertySources().addLast(new MapPropertySource("sandbox", settings));
        endWith(context, "serviceTitanSandbox", sandbox, sandbox::close);
    }

    private static void sap(ConfigurableApplicationContext context, ConfigurableEnvironment environment) {
        SapSandbox.Options usual = SapSandbox.Options.DEFAULT;
        int main = environment.getProperty("syncline.sandbox.port", Integer.class, USUAL_PORT);
        SapSandbox sandbox = SapSandbox.start(usual.port(environment.getProperty("syncline.sandbox.sap-port", Integer.class, main == 0 ? 0 : main + 1))
                .credentials(environment.getProperty("SAP_USER", usual.user()), environment.getProperty("SAP_PASSWORD", usual.password())));
        environment.getPropertySources().addLast(new MapPropertySource("sap-sandbox", Map.of("SAP_URL", sandbox.url(), "SAP_USER", sandbox.options().user(),
                "SAP_PASSWORD", sandbox.options().password(), "SAP_PRIVATE_NETWORK", "true")));
        endWith(context, "sapSandbox", sandbox, sandbox::close);
    }

    /** Beans end in the reverse order of their registration: whatever reads the sandbox ends before it does. */
    private static void endWith(ConfigurableApplicationContext context, String bean, Object sandbox, Runnable close) {
        DefaultListableBeanFactory beans = (DefaultListableBeanFactory) context.getBeanFactory();
        beans.registerSingleton(bean, sandbox);
        beans.registerDisposableBean(bean, close::run);
        context.addApplicationListener(new FailedStart(close));
    }

    private static ServiceTitanSandbox.Options options(ConfigurableEnvironment environment) {
        ServiceTitanSandbox.Options usual = ServiceTitanSandbox.Options.DEFAULT;
        return usual.port(environment.getProperty("syncline.sandbox.port", Integer.class, USUAL_PORT))
                .size(environment.getProperty("syncline.sandbox.size", Integer.class, usual.size())).credentials(
                environment.getProperty("SERVICETITAN_TENANT", usual.tenant()),
                environment.getProperty("SERVICETITAN_CLIENT_ID", usual.clientId()),
                environment.getProperty("SERVICETITAN_CLIENT_SECRET", usual.clientSecret()),
                environment.getProperty("SERVICETITAN_APP_KEY", usual.appKey()));
    }

    /** A start may fail before there are beans to end. */
    private record FailedStart(Runnable close) implements ApplicationListener<ApplicationFailedEvent> {
        @Override
        public void onApplicationEvent(ApplicationFailedEvent event) {
            close.run();
        }
    }
}
