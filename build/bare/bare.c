/* The smallest possible window with a web view. Keydesk's start and memory are
 * compared with it (RULES.md, Speed). It shows a page like a sign-in screen with
 * a table of 50 rows and prints "painted" once two frames have been drawn.
 * build/bench.sh builds and runs it. */
#include <gtk/gtk.h>
#include <stdio.h>
#include <webkit2/webkit2.h>

static void painted(WebKitUserContentManager *manager, WebKitJavascriptResult *result, gpointer data) {
    (void)manager;
    (void)result;
    (void)data;
    printf("painted\n");
    fflush(stdout);
}

static gchar *page(void) {
    GString *html = g_string_new(
        "<!doctype html><meta charset=utf-8><title>Bare</title>"
        "<style>body{font:14px sans-serif;margin:24px}td{padding:4px 16px}</style>"
        "<h1>Bare</h1><table>");
    for (int row = 0; row < 50; row++)
        g_string_append_printf(html, "<tr><td>Row %d<td>Orders<td>Delivery<td>Shipped<td>SMS", row);
    g_string_append(html,
        "</table><script>requestAnimationFrame(() => requestAnimationFrame(() =>"
        " window.webkit.messageHandlers.painted.postMessage(1)))</script>");
    return g_string_free(html, FALSE);
}

int main(int argc, char **argv) {
    gtk_init(&argc, &argv);
    GtkWidget *window = gtk_window_new(GTK_WINDOW_TOPLEVEL);
    gtk_window_set_default_size(GTK_WINDOW(window), 1280, 820);
    g_signal_connect(window, "destroy", G_CALLBACK(gtk_main_quit), NULL);

    WebKitUserContentManager *manager = webkit_user_content_manager_new();
    g_signal_connect(manager, "script-message-received::painted", G_CALLBACK(painted), NULL);
    webkit_user_content_manager_register_script_message_handler(manager, "painted");
    GtkWidget *view = webkit_web_view_new_with_user_content_manager(manager);
    webkit_settings_set_hardware_acceleration_policy(webkit_web_view_get_settings(WEBKIT_WEB_VIEW(view)),
                                                     WEBKIT_HARDWARE_ACCELERATION_POLICY_NEVER);
    gtk_container_add(GTK_CONTAINER(window), view);

    gchar *html = page();
    webkit_web_view_load_html(WEBKIT_WEB_VIEW(view), html, NULL);
    g_free(html);
    gtk_widget_show_all(window);
    gtk_main();
    return 0;
}
