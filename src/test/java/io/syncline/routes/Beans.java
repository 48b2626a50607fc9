package io.syncline.routes;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.support.SimpleBeanDefinitionRegistry;
import org.springframework.context.annotation.AnnotationBeanNameGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The beans that routes may name, known from their annotations: no context has to start. */
final class Beans {
    private final Map<String, Class<?>> types = new HashMap<>();

    Beans(String packageName) {
        ClassPathScanningCandidateComponentProvider scan = new ClassPathScanningCandidateComponentProvider(false);
        scan.addIncludeFilter(new AnnotationTypeFilter(Component.class));
        SimpleBeanDefinitionRegistry registry = new SimpleBeanDefinitionRegistry();
        scan.findCandidateComponents(packageName).forEach(found -> {
            Class<?> type = ClassUtils.resolveClassName(found.getBeanClassName(), null);
            types.put(AnnotationBeanNameGenerator.INSTANCE.generateBeanName((AnnotatedBeanDefinition) found, registry), type);
            Arrays.stream(type.getDeclaredMethods()).filter(method -> method.isAnnotationPresent(Bean.class)).forEach(this::add);
        });
    }

    private void add(Method factory) {
        String[] names = AnnotatedElementUtils.findMergedAnnotation(factory, Bean.class).name();
        Arrays.stream(names.length == 0 ? new String[] {factory.getName()} : names).forEach(name -> types.put(name, factory.getReturnType()));
    }

    boolean has(String name) {
        return types.containsKey(name);
    }

    /** @param call a method's name, alone or with as many arguments as it takes */
    boolean answers(String name, String call) {
        int open = call.indexOf('(');
        String method = open < 0 ? call : call.substring(0, open);
        int arguments = open < 0 ? -1 : arguments(call.substring(open + 1, call.lastIndexOf(')')));
        return Arrays.stream(ReflectionUtils.getAllDeclaredMethods(types.get(name))).filter(candidate -> !Modifier.isPrivate(candidate.getModifiers()))
                .anyMatch(candidate -> candidate.getName().equals(method) && (arguments < 0 || candidate.getParameterCount() == arguments));
    }

    private static int arguments(String list) {
        return list.isBlank() ? 0 : list.split(",(?![^{]*})", -1).length;
    }
}
