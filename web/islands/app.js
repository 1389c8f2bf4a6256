// On every page: styles, htmx for the lists, and small comforts. All pages work without it.
import '@tabler/core/dist/css/tabler.min.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/work.css';
import './styles/gate.css';
import './styles/diagram.css';
import './styles/differences.css';
import './styles/campaign.css';
import './styles/papers.css';
import htmx from 'htmx.org';
import { closeMenus } from './menus.js';
import { forgetDone } from './forms/kept.js';
import { listKeys } from './keys.js';
import { showBusy } from './busy.js';
import { printButtons } from './print.js';
import { showOutbox } from './offline/banner.js';
import { register } from './offline/register.js';

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;

document.documentElement.classList.add('js');
forgetDone(document);
closeMenus(document);
listKeys(document);
showBusy(document);
printButtons(document);
showOutbox(document);
if (document.querySelector('[data-outbox]')) register();
