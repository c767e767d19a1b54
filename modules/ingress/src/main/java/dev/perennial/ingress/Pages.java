package dev.perennial.ingress;

import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.DefaultObjectWrapper;
import freemarker.template.DefaultObjectWrapperBuilder;
import freemarker.template.TemplateException;
import freemarker.template.TemplateExceptionHandler;
import freemarker.template.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Renders pages. Whatever a page shows is escaped by the template's output format; style and script
 * are ours, inline, and named to the browser by their hashes, so nothing else runs. Thread-safe.
 */
final class Pages {
  private static final Version VERSION = Configuration.VERSION_2_3_34;

  private static final String CONNECT_SELF = "; connect-src 'self'";

  private final Configuration templates = templates();
  private final String style = Look.tokens() + resource("page.css");
  private final String progressScript = resource("progress.js");
  private final String resendScript = resource("resend.js");
  private final String tellScript = resource("tell.js");
  private final String policy =
      "default-src 'none'; style-src "
          + hash(style)
          + "; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  Answer notice(Notice notice) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("tone", notice.tone().name());
    model.put("title", notice.title());
    model.put("happened", notice.happened());
    model.put("next", notice.next());
    String aside = notice.aside();
    if (aside != null) {
      model.put("aside", aside);
    }
    return switch (notice.action()) {
      case Notice.Action.None() -> page(notice.status(), "notice", model);
      case Notice.Action.Link(String text, String href) -> {
        model.put("link", Map.of("text", text, "href", href));
        yield page(notice.status(), "notice", model);
      }
      case Notice.Action.Reload(int afterSeconds) -> {
        model.put("reload", afterSeconds);
        yield page(notice.status(), "notice", model);
      }
      case Notice.Action.Device device -> {
        model.put(
            "device",
            Map.of(
                "code", device.code(),
                "host", device.host(),
                "page", device.page(),
                "outcome", device.outcome(),
                "progress", device.progress()));
        yield scripted(notice.status(), "notice", model, progressScript, CONNECT_SELF);
      }
      case Notice.Action.Return(String host, String href) -> {
        model.put("back", Map.of("host", host, "href", href));
        yield page(notice.status(), "notice", model);
      }
      case Notice.Action.Tell tell -> {
        model.put("tell", tell(tell));
        yield scripted(notice.status(), "notice", model, tellScript, "");
      }
      case Notice.Action.Resend resend -> {
        model.put("resend", resend(resend));
        yield scripted(notice.status(), "notice", model, resendScript, "");
      }
    };
  }

  /** The page that waits for an outcome and turns into it. */
  Answer progress(String integration, String progressAddress) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("integration", integration);
    model.put("progress", progressAddress);
    return scripted(200, "progress", model, progressScript, CONNECT_SELF);
  }

  /**
   * @param integrations name, address and readiness of each, for a list; empty = no list
   */
  Answer home(List<Map<String, Object>> integrations) {
    return page(200, "home", new LinkedHashMap<>(Map.of("integrations", integrations)));
  }

  private static Map<String, Object> tell(Notice.Action.Tell tell) {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("origin", tell.origin());
    model.put("status", tell.status());
    model.put("connection", tell.connection());
    model.put("closes", tell.closes());
    Notice.Action.Return back = tell.back();
    if (back != null) {
      model.put("back", Map.of("host", back.host(), "href", back.href()));
    }
    return model;
  }

  private static Map<String, Object> resend(Notice.Action.Resend resend) {
    List<Map<String, String>> fields = new ArrayList<>();
    resend
        .parameters()
        .forEach((name, values) ->
            values.forEach(value -> fields.add(Map.of("name", name, "value", value))));
    return Map.of(
        "text", resend.text(),
        "address", resend.address(),
        "fields", fields,
        "after", resend.afterSeconds());
  }

  private Answer scripted(
      int status, String template, Map<String, Object> model, String script, String more) {
    model.put("script", script);
    return Answer.html(
        status, render(template, model), policy + "; script-src " + hash(script) + more);
  }

  private Answer page(int status, String template, Map<String, Object> model) {
    return Answer.html(status, render(template, model), policy);
  }

  private String render(String template, Map<String, Object> model) {
    model.put("style", style);
    StringWriter out = new StringWriter();
    try {
      templates.getTemplate(template + ".ftlh").process(model, out);
      return out.toString();
    } catch (IOException | TemplateException e) {
      throw new IllegalStateException("the page template " + template + " does not render", e);
    }
  }

  private static Configuration templates() {
    Configuration configuration = new Configuration(VERSION);
    configuration.setClassForTemplateLoading(Pages.class, "");
    configuration.setDefaultEncoding("UTF-8");
    configuration.setNumberFormat("c");
    configuration.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
    configuration.setLogTemplateExceptions(false);
    configuration.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
    DefaultObjectWrapperBuilder wrapper = new DefaultObjectWrapperBuilder(VERSION);
    wrapper.setExposureLevel(DefaultObjectWrapper.EXPOSE_NOTHING);
    configuration.setObjectWrapper(wrapper.build());
    return configuration;
  }

  private static String hash(String inline) {
    return "'sha256-" + Base64.getEncoder().encodeToString(Sha256.of(inline)) + "'";
  }

  /** A file of ours, without blanks at its ends. */
  static String resource(String name) {
    try (InputStream in = Pages.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the page resource " + name + " is not in the module");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
