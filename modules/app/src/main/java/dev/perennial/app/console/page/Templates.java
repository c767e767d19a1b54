package dev.perennial.app.console.page;

import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.DefaultObjectWrapper;
import freemarker.template.DefaultObjectWrapperBuilder;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.Version;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Renders pages. Whatever a page shows is escaped by the template's output format; a template sees
 * maps, lists, texts, numbers and nothing else. Thread-safe.
 */
public final class Templates {
  private static final Version VERSION = Configuration.VERSION_2_3_34;

  private final Configuration templates = configuration();

  /**
   * @param name of a template of this package, without its ending
   */
  public String render(String name, Map<String, ? extends @Nullable Object> model) {
    StringWriter out = new StringWriter();
    try {
      templates.getTemplate(name + ".ftlh").process(model, out);
      return out.toString();
    } catch (IOException | TemplateException e) {
      throw new IllegalStateException("the page template " + name + " does not render", e);
    }
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration(VERSION);
    configuration.setClassForTemplateLoading(Templates.class, "");
    configuration.setDefaultEncoding("UTF-8");
    configuration.setURLEscapingCharset("UTF-8");
    configuration.setNumberFormat("c");
    configuration.setBooleanFormat("c");
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    DefaultObjectWrapperBuilder wrapper = new DefaultObjectWrapperBuilder(VERSION);
    wrapper.setExposureLevel(DefaultObjectWrapper.EXPOSE_NOTHING);
    configuration.setObjectWrapper(wrapper.build());
    return configuration;
  }
}
