export namespace app {
	
	export class CopyInput {
	    text: string;
	    clearAfterMs: number;
	
	    static createFrom(source: any = {}) {
	        return new CopyInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.text = source["text"];
	        this.clearAfterMs = source["clearAfterMs"];
	    }
	}
	export class OpenLinkInput {
	    url: string;
	
	    static createFrom(source: any = {}) {
	        return new OpenLinkInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.url = source["url"];
	    }
	}
	export class OpenLinkOutput {
	    opened: boolean;
	
	    static createFrom(source: any = {}) {
	        return new OpenLinkOutput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.opened = source["opened"];
	    }
	}
	export class PaintedInput {
	    screen: string;
	    dark: boolean;
	
	    static createFrom(source: any = {}) {
	        return new PaintedInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.screen = source["screen"];
	        this.dark = source["dark"];
	    }
	}
	export class ReadTextInput {
	    title: string;
	    pattern: string;
	
	    static createFrom(source: any = {}) {
	        return new ReadTextInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.title = source["title"];
	        this.pattern = source["pattern"];
	    }
	}
	export class ReadTextOutput {
	    chosen: boolean;
	    name: string;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new ReadTextOutput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.chosen = source["chosen"];
	        this.name = source["name"];
	        this.text = source["text"];
	    }
	}
	export class SaveTextInput {
	    title: string;
	    fileName: string;
	    text: string;
	
	    static createFrom(source: any = {}) {
	        return new SaveTextInput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.title = source["title"];
	        this.fileName = source["fileName"];
	        this.text = source["text"];
	    }
	}
	export class SaveTextOutput {
	    saved: boolean;
	    path: string;
	
	    static createFrom(source: any = {}) {
	        return new SaveTextOutput(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.saved = source["saved"];
	        this.path = source["path"];
	    }
	}
	export class WindowState {
	    version: string;
	    dataFolder: string;
	    demo: boolean;
	    phase: string;
	    code: string;
	    message: string;
	    hint: string;
	
	    static createFrom(source: any = {}) {
	        return new WindowState(source);
	    }
	
	    constructor(source: any = {}) {
	        if ('string' === typeof source) source = JSON.parse(source);
	        this.version = source["version"];
	        this.dataFolder = source["dataFolder"];
	        this.demo = source["demo"];
	        this.phase = source["phase"];
	        this.code = source["code"];
	        this.message = source["message"];
	        this.hint = source["hint"];
	    }
	}

}

