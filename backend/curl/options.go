package curl

import (
	"strings"
)

// option is one of curl's options.
type option struct {
	long  string
	takes bool // a value follows
	// why it is not carried over; empty for those that are, or that change
	// nothing about the request.
	why string
	// quiet ones only change what curl prints or how it works.
	quiet bool
}

// Why whole groups of options are not carried over.
const (
	whyFile      = "Keydesk reads no files that a line names."
	whyTLS       = "How the connection is secured cannot be imported; see TLS check under Options."
	whyProxy     = "Keydesk calls the address itself, without a proxy."
	whyRoute     = "Keydesk finds the server by the host name alone."
	whyAuth      = "Keydesk cannot sign in this way."
	whyRetry     = "Keydesk sends a call once; testing again is your choice."
	whyHTTP      = "Keydesk speaks HTTP/1.1."
	whyElse      = "It has no meaning for a call over the web."
	whyLimit     = "Keydesk has its own limits for time and size."
	whyRedirects = "Redirects are followed with Keydesk's own rules."
	whyCookies   = "Keydesk keeps no cookies between calls."
)

// carried are the options build.go acts on: name, short letter, and whether a
// value follows.
const carried = `data d:,data-ascii :,data-binary :,data-raw :,data-urlencode :,json :,form F:,form-string :,form-escape,
get G,head I,header H:,user u:,request X:,insecure k,location L,location-trusted,max-redirs :,url :,url-query :,
oauth2-bearer :,compressed,user-agent A:,referer e:,cookie b:,max-time m:,range r:,globoff g,path-as-is,
proto-default :,next :NEXT,basic,upload-file T:`

// quiet change what is printed or kept, never what is sent.
const quiet = `output o:,remote-name O,remote-name-all,remote-header-name J,output-dir :,create-dirs,create-file-mode :,
silent s,show-error S,verbose v,include i,fail f,fail-with-body,fail-early,write-out w:,progress-bar #,no-progress-meter,
progress-meter,no-buffer N,buffer,trace :,trace-ascii :,trace-time,trace-ids,trace-config :,stderr :,dump-header D:,
disable q,http1.1,remote-time R,remove-on-error,no-clobber,clobber,styled-output,libcurl :,xattr,parallel Z,
parallel-immediate,parallel-max :,parallel-max-host :,keepalive-time :,keepalive-cnt :,no-keepalive,keepalive,tcp-nodelay,
tcp-fastopen,expect100-timeout :,suppress-connect-headers,no-sessionid,sessionid,no-alpn,alpn,no-npn,npn,
happy-eyeballs-timeout-ms :,skip-existing,out-null,metalink,random-file :,egd-file :,etag-save :,disallow-username-in-url,
rate :,http0.9,use-ascii B`

// refused are listed with their reason.
var refused = []struct{ why, names string }{
	{whyFile, `config K:,netrc n,netrc-file :,netrc-optional,cert E:,cert-type :,key :,key-type :,pass :,cacert :,capath :,
crlfile :,etag-compare :,alt-svc :,hsts :,unix-socket :,abstract-unix-socket :,pubkey :,engine :,proxy-header :`},
	{whyTLS, `tlsv1 1,tlsv1.0,tlsv1.1,tlsv1.2,tlsv1.3,tls-max :,tls13-ciphers :,ciphers :,curves :,pinnedpubkey :,sslv2 2,sslv3 3,
cert-status,false-start,ssl,ssl-reqd,ssl-allow-beast,ssl-no-revoke,ssl-revoke-best-effort,ssl-auto-client-cert,ssl-sessions :,
tlsauthtype :,tlsuser :,tlspassword :,ca-native,sigalgs :,ech :,tls-earlydata,dump-ca-embed`},
	{whyProxy, `proxy x:,proxy1.0 :,preproxy :,noproxy :,proxy-user U:,proxytunnel p,proxy-anyauth,proxy-basic,proxy-digest,
proxy-negotiate,proxy-ntlm,proxy-insecure,proxy-cacert :,proxy-capath :,proxy-cert :,proxy-cert-type :,proxy-ciphers :,
proxy-crlfile :,proxy-key :,proxy-key-type :,proxy-pass :,proxy-pinnedpubkey :,proxy-service-name :,proxy-ssl-allow-beast,
proxy-ssl-auto-client-cert,proxy-tls13-ciphers :,proxy-tlsauthtype :,proxy-tlspassword :,proxy-tlsuser :,proxy-tlsv1,
proxy-http2,proxy-ca-native,socks4 :,socks4a :,socks5 :,socks5-basic,socks5-gssapi,socks5-gssapi-nec,
socks5-gssapi-service :,socks5-hostname :,haproxy-protocol,haproxy-clientip :`},
	{whyRoute, `resolve :,connect-to :,interface :,local-port :,ipv4 4,ipv6 6,dns-interface :,dns-ipv4-addr :,dns-ipv6-addr :,
dns-servers :,doh-url :,doh-insecure,doh-cert-status,request-target :,mptcp,ip-tos :,vlan-priority :,ipfs-gateway :`},
	{whyAuth, `digest,ntlm,ntlm-wb,negotiate,anyauth,aws-sigv4 :,delegation :,service-name :,sasl-authzid :,sasl-ir,
login-options :,krb :`},
	{whyRetry, `retry :,retry-all-errors,retry-connrefused,retry-delay :,retry-max-time :`},
	{whyHTTP, `http1.0 0,http2,http2-prior-knowledge,http3,http3-only,tr-encoding,raw,ignore-content-length`},
	{whyLimit, `connect-timeout :,limit-rate :,max-filesize :,speed-limit Y:,speed-time y:,continue-at C:,time-cond z:`},
	{whyRedirects, `post301,post302,post303,proto :,proto-redir :,follow`},
	{whyCookies, `cookie-jar c:,junk-session-cookies j`},
	{"Keydesk fills in no variables of curl. Type the value where the line uses it.", `variable :`},
	{whyElse, `append a,list-only l,quote Q:,telnet-option t:,tftp-blksize :,tftp-no-options,ftp-account :,
ftp-alternative-to-user :,ftp-create-dirs,ftp-method :,ftp-pasv,ftp-port P:,ftp-pret,ftp-skip-pasv-ip,ftp-ssl-ccc,
ftp-ssl-ccc-mode :,ftp-ssl-control,disable-eprt,disable-epsv,mail-auth :,mail-from :,mail-rcpt :,mail-rcpt-allowfails,
crlf,compressed-ssh,hostpubmd5 :,hostpubsha256 :,upload-flags :`},
}

var (
	longOptions  = map[string]*option{}
	shortOptions = map[byte]*option{}
)

func init() {
	add := func(list, why string, quiet bool) {
		for _, entry := range strings.Split(strings.ReplaceAll(list, "\n", ""), ",") {
			name, mark, _ := strings.Cut(entry, " ")
			o := &option{long: name, why: why, quiet: quiet, takes: strings.HasSuffix(mark, ":")}
			longOptions[name] = o
			switch {
			case mark == ":NEXT":
				o.takes = false
				shortOptions[':'] = o
			case mark != "" && mark != ":":
				shortOptions[mark[0]] = o
			}
		}
	}
	add(carried, "", false)
	add(quiet, "", true)
	for _, group := range refused {
		add(group.names, group.why, false)
	}
}

// use is one option as a line has it.
type use struct {
	*option
	value word
	// typed is how the line writes it, without the value.
	typed string
	off   bool // --no-...
}

// arguments splits words into options and addresses, as curl does: a value may
// follow a short option directly, and a name may be shortened as long as it is
// unique.
func arguments(words []word) (uses []use, urls []word, said []Item, err error) {
	ended := false
	for i := 0; i < len(words); i++ {
		w := words[i]
		if dashed, changed := restoreDashes(w); changed {
			said = addItem(said, Item{What: "Long dashes", Why: "A document had changed the dashes; they are read as - and --."})
			w = dashed
		}
		switch {
		case ended || !strings.HasPrefix(w.text, "-"):
			if strings.TrimSpace(w.text) == "" {
				continue
			}
			urls = append(urls, w)
		case w.text == "-":
			return nil, nil, nil, ErrNoURL.WithMessage("There is a single - where the address belongs.")
		case w.text == "--":
			ended = true
		case strings.HasPrefix(w.text, "--"):
			u, err := longOption(w)
			if err != nil {
				return nil, nil, nil, err
			}
			if u.takes && u.value.text == "" && !strings.Contains(w.text, "=") {
				i++
				if i >= len(words) {
					return nil, nil, nil, ErrOption.WithMessage("%s needs a value after it.", u.typed)
				}
				u.value = words[i]
			}
			uses = append(uses, u)
		default:
			for j := 1; j < len(w.text); j++ {
				o := shortOptions[w.text[j]]
				if o == nil {
					return nil, nil, nil, ErrOption.WithMessage("curl has no option %s.", short("-"+strings.TrimSpace(strings.ToValidUTF8(w.text[j:j+1], "?"))))
				}
				u := use{option: o, typed: "-" + w.text[j:j+1]}
				if o.takes {
					u.value = word{text: w.text[j+1:], unread: w.unread}
					if u.value.text == "" {
						i++
						if i >= len(words) {
							return nil, nil, nil, ErrOption.WithMessage("%s needs a value after it.", u.typed)
						}
						u.value = words[i]
					}
					j = len(w.text)
				}
				uses = append(uses, u)
			}
		}
	}
	return uses, urls, said, nil
}

// longOption finds an option by its name or by a beginning that only one name
// has. A value after = is not curl's syntax, but people type it.
func longOption(w word) (use, error) {
	name, value, joined := strings.Cut(w.text[2:], "=")
	u := use{typed: "--" + short(name)}
	find := func(name string) *option {
		if o := longOptions[name]; o != nil {
			return o
		}
		var only *option
		for long, o := range longOptions {
			if name != "" && strings.HasPrefix(long, name) {
				if only != nil {
					return nil
				}
				only = o
			}
		}
		return only
	}
	if u.option = find(name); u.option == nil && strings.HasPrefix(name, "no-") {
		if u.option = find(strings.TrimPrefix(name, "no-")); u.option != nil {
			u.off = true
			if u.takes {
				u.option = nil
			}
		}
	}
	if u.option == nil && strings.HasPrefix(name, "expand-") {
		if u.option = find(strings.TrimPrefix(name, "expand-")); u.option != nil && !u.takes {
			u.option = nil
		}
	}
	if u.option == nil || joined && !u.takes {
		return u, ErrOption.WithMessage("curl has no option %s.", u.typed)
	}
	if joined {
		u.value = word{text: value, unread: w.unread}
	}
	return u, nil
}

// restoreDashes restores the dashes that a document joined into a longer one.
func restoreDashes(w word) (word, bool) {
	const en, em = "\u2013", "\u2014"
	rest := strings.TrimLeft(w.text, en+em+"-")
	if !w.bare || rest == "" || !strings.HasPrefix(w.text, en) && !strings.HasPrefix(w.text, em) {
		return w, false
	}
	if name, _, _ := strings.Cut(rest, "="); len(name) > 1 && longOptions[name] != nil {
		w.text = "--" + rest
	} else {
		w.text = "-" + rest
	}
	return w, true
}
