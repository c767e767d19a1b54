package dev.perennial.ingress;

import dev.perennial.domain.ConnectionKey;
import dev.perennial.domain.credential.Reason;
import dev.perennial.ingress.Notice.Action;
import dev.perennial.ingress.Notice.Tone;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The wording of the pages around a consent. Immutable. */
final class Notices {
  private static final String NEW_LINK =
      "Ask whoever sent you here for a new link. An operator gets one with “perennial connect %s”"
          + " or from the admin API.";

  private final IngressSettings settings;

  Notices(IngressSettings settings) {
    this.settings = settings;
  }

  Notice notFound() {
    return Notice.of(
        404,
        Tone.STOP,
        "There is nothing here",
        "This address does not belong to a page.",
        "Check the link, or ask whoever sent it to you.");
  }

  Notice methodNotAllowed() {
    return Notice.of(
        405,
        Tone.STOP,
        "That cannot be done here",
        "This address does not take this kind of request.",
        "Open it in a browser by its link.");
  }

  Notice unknownIntegration() {
    return Notice.of(
        404,
        Tone.STOP,
        "This integration is not known here",
        "No integration of this name is installed.",
        "Check the link, or ask whoever sent it to you.");
  }

  Notice internalError() {
    return Notice.of(
        500,
        Tone.STOP,
        "Something went wrong on our side",
        "It is not your doing. The details are in our log.",
        "Try again; if it happens again, tell whoever runs this service.");
  }

  Notice unavailable(Action again) {
    return Notice.of(
            503,
            Tone.WAIT,
            "We cannot take this right now",
            "A part of this service is not answering. Nothing is lost: your consent is still good.",
            "Wait a moment, then try again. There is no need to consent a second time.")
        .with(again);
  }

  Notice connectUnavailable() {
    return Notice.of(
            503,
            Tone.WAIT,
            "We cannot start this right now",
            "A part of this service is not answering.",
            "Wait a moment, then try again. If the link then counts as used, ask for a new one.")
        .with(new Action.Reload(0));
  }

  Notice statusUnavailable() {
    return Notice.of(
            503,
            Tone.WAIT,
            "We cannot look right now",
            "A part of this service is not answering. Your consent is not affected.",
            "This page tries again by itself.")
        .with(new Action.Reload(5));
  }

  Notice tooMany() {
    return Notice.of(
        429,
        Tone.WAIT,
        "Too many at once",
        "More came from your network, or from everybody, than is taken at a time. Nothing is lost.",
        "Wait a second and reload this page.");
  }

  Notice busy(Action again) {
    return Notice.of(
            503,
            Tone.WAIT,
            "One moment",
            "This consent is being taken in already, from another tab or a second click.",
            "This page tries again by itself.")
        .with(again);
  }

  Notice relay(Action resend) {
    return Notice.of(
            200,
            Tone.WAIT,
            "One moment",
            "Your provider has sent you back to us.",
            "This page goes on by itself. If it does not, press the button.")
        .with(resend);
  }

  Notice flawed(Received.Flaw flaw, int tooLongStatus) {
    return switch (flaw) {
      case TOO_LONG ->
          rejected(tooLongStatus, "This request is too large", "It holds more than 16 KiB.");
      case TOO_MANY ->
          rejected(400, "This request is too large", "It holds more than 64 parameters.");
      case MALFORMED ->
          rejected(400, "This request cannot be read", "Its parameters are not encoded properly.");
    };
  }

  Notice notAForm() {
    return rejected(415, "This request cannot be read", "It is not a form.");
  }

  Notice incompleteAddress() {
    return rejected(400, "This address is not complete", "It does not say which consent is meant.");
  }

  Notice badConnection() {
    return rejected(
        400,
        "This connection cannot be named so",
        "A connection id has letters, digits and . _ @ : + = -, at most 128.");
  }

  private static Notice rejected(int status, String title, String happened) {
    return Notice.of(
        status, Tone.STOP, title, happened, "Check the link, or ask whoever sent it to you.");
  }

  /** A grant without a browser begins with a click, so that a scanner begins none. */
  Notice begin(String slug, Action begin) {
    return Notice.of(
            200,
            Tone.ASK,
            "Connect “" + slug + "”",
            "This integration gets its credentials without a consent page.",
            "Press the button to connect it.")
        .with(begin);
  }

  Notice device(String slug, Action.Device device) {
    return Notice.of(
            200,
            Tone.ASK,
            "Enter this code at your provider",
            "“" + slug + "” is connected on a page of your provider, with this code:",
            "This page changes by itself when it is done. If it does not, say so here:")
        .with(device);
  }

  Notice providerUnavailable(String slug) {
    return Notice.of(
            502,
            Tone.WAIT,
            "The provider does not take this right now",
            "The provider of “" + slug + "” did not answer as it should.",
            "Wait a moment, then try again. The reason is in the log of this service.")
        .with(new Action.Reload(0));
  }

  Notice badVariables(String slug) {
    return Notice.of(
        400,
        Tone.STOP,
        "This link lacks something",
        "The integration “" + slug + "” needs values that this link does not bring.",
        NEW_LINK.formatted(slug));
  }

  Notice notSetUp(String slug) {
    return Notice.of(
        500,
        Tone.STOP,
        "This integration is not set up yet",
        "The integration “" + slug + "” lacks a part of its configuration.",
        "Ask the operator of this service: what is missing is named in its log.");
  }

  Notice linkNeeded(String slug) {
    return Notice.of(
        403,
        Tone.STOP,
        "You need a link to connect",
        "A consent for “" + slug + "” begins with a link made for one use.",
        NEW_LINK.formatted(slug));
  }

  Notice linkNotGood(String slug) {
    return Notice.of(
        403,
        Tone.STOP,
        "This link is not good any more",
        "It was used before, is too old, or was made for something else.",
        NEW_LINK.formatted(slug));
  }

  Notice missingState(String slug) {
    return again(
        slug,
        Notice.of(
            400,
            Tone.STOP,
            "This answer belongs to no consent",
            "The address has no state in it, so we cannot tell which consent it answers.",
            startOver(slug)));
  }

  Notice unknownState(String slug) {
    return again(
        slug,
        Notice.of(
            400,
            Tone.STOP,
            "We do not know this consent",
            "Its state was not given out here, or that was long ago. Nothing was connected.",
            startOver(slug)));
  }

  Notice expiredState(String slug) {
    return again(
        slug,
        Notice.of(
            410,
            Tone.STOP,
            "This took too long",
            "A consent has to be finished within %s. Nothing was connected."
                .formatted(Words.of(settings.stateValid())),
            startOver(slug)));
  }

  Notice replayedState(String outcomeAddress) {
    return Notice.of(
            409,
            Tone.STOP,
            "This link was already used",
            "Your consent came in before, and nothing was done twice.",
            "See how it went.")
        .with(new Action.Link("Show the outcome", outcomeAddress));
  }

  Notice wrongIntegration(String slug) {
    return again(
        slug,
        Notice.of(
            400,
            Tone.STOP,
            "This answer came to the wrong place",
            "The consent was begun for another integration. Nothing was connected.",
            startOver(slug)));
  }

  Notice wrongIssuer(String slug) {
    return again(
        slug,
        Notice.of(
            400,
            Tone.STOP,
            "This answer is not from the provider you were sent to",
            "It names another authorization server, or none. Nothing was connected.",
            startOver(slug)));
  }

  Notice wrongBrowser(String slug) {
    return again(
        slug,
        Notice.of(
            403,
            Tone.STOP,
            "This is not the browser it began in",
            "To protect you, a consent is finished in the browser it was begun in, with cookies"
                + " allowed. Nothing was connected.",
            "Go back to that browser, or start over in this one. " + startOver(slug)));
  }

  Notice repeatedParameter(String slug, String name) {
    return again(
        slug,
        Notice.of(
            400,
            Tone.STOP,
            "This answer is ambiguous",
            "It says “" + name + "” more than once, which no provider does. Nothing was connected.",
            startOver(slug)));
  }

  Notice connected(ConnectionKey key) {
    return Notice.of(
        200,
        Tone.DONE,
        "Connected",
        key + " is connected and will be kept fresh from now on.",
        "You can close this page.");
  }

  /** In a window that another page has opened. */
  Notice inWindow(Notice notice, boolean closes) {
    return notice.next(
        closes
            ? "This window closes by itself. If it does not, close it."
            : "Close this window and go on where you came from.");
  }

  /** A consent that failed, however it did. */
  Notice failed(int status, ConnectionKey key, Reason reason) {
    Explanation why = Explanation.of(reason, key.integration());
    boolean stuck = why.operatorMustAct();
    Notice notice =
        Notice.of(
                status,
                Tone.STOP,
                why.title(),
                why.happened(),
                stuck ? why.next() : onceMore(key, reason))
            .aside("Reason: " + reason);
    return stuck ? notice : again(key, notice);
  }

  /** A refusal of the user's uses no link up. */
  private String onceMore(ConnectionKey key, Reason reason) {
    return reason.code().equals(Reason.DECLINED) && !settings.openConnect()
        ? "If you change your mind, open the same link again."
        : startOver(key.integration());
  }

  private String startOver(String slug) {
    return settings.openConnect() ? "Start again." : NEW_LINK.formatted(slug);
  }

  private Notice again(String slug, Notice notice) {
    return again(new ConnectionKey(slug, ConnectionKey.DEFAULT), notice);
  }

  private Notice again(ConnectionKey key, Notice notice) {
    return settings.openConnect()
        ? notice.with(new Action.Link("Start again", connectAddress(key)))
        : notice;
  }

  /** Where an open installation begins a consent. */
  String connectAddress(ConnectionKey key) {
    String address = settings.path("/connect/" + key.integration());
    return key.connection().equals(ConnectionKey.DEFAULT)
        ? address
        : address + "?connection=" + URLEncoder.encode(key.connection(), StandardCharsets.UTF_8);
  }
}
